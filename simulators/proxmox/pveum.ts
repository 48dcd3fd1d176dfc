import type { AccessControl, Acl } from './access.ts';

/**
 * Does what a line for a node's shell says, as far as `pveum` is concerned: `role add`, `role modify --append` and
 * `acl modify` of users and tokens. Quotes are taken as a shell takes them; without a shell's expansions.
 *
 * @throws Error for what it does not know, and for what `pveum` refuses
 */
export function pveum(access: AccessControl, line: string): void {
  const [program, what, verb, subject = '', ...rest] = wordsOf(line);
  if (program !== 'pveum') throw new Error(`${program}: command not found`);
  const options = optionsOf(rest);
  const privileges = (options.get('privs') ?? '').split(/[ ,;]+/).filter(Boolean);
  switch (`${what} ${verb}`) {
    case 'role add':
      if (access.roles.has(subject)) throw new Error(`create role failed: role '${subject}' already exists`);
      access.roles.set(subject, privileges);
      break;
    case 'role modify': {
      const before = access.roles.get(subject);
      if (before === undefined) throw new Error(`modify role failed: role '${subject}' does not exist`);
      access.roles.set(subject, [...new Set([...(options.has('append') ? before : []), ...privileges])]);
      break;
    }
    case 'acl modify': {
      const role = access.roles.get(options.get('roles') ?? '');
      if (role === undefined) throw new Error(`role '${options.get('roles')}' does not exist`);
      const id = options.get('users') ?? options.get('tokens') ?? '';
      access.changeAcl(id, (acl) => withRole(acl, subject, role));
      break;
    }
    default:
      throw new Error(`unknown command 'pveum ${what} ${verb}'`);
  }
}

function withRole(acl: Acl, path: string, role: readonly string[]): Acl {
  return acl === 'all' ? acl : { ...acl, [path]: [...new Set([...(acl[path] ?? []), ...role])] };
}

/** `--name value`, or `--name` alone. */
function optionsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (word.startsWith('--')) options.set(word.slice(2), next?.startsWith('--') ? '' : (next ?? ''));
  }
  return options;
}

function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  const pieces = /(?<quoted>'[^']*'|"[^"]*")|\\(?<escaped>.)|(?<plain>[^\s'"\\]+)|(?<space>\s+)/gy;
  let open = false;
  for (let at = 0; at < line.length; at = pieces.lastIndex) {
    const groups = pieces.exec(line)?.groups;
    if (groups === undefined) throw new Error(`unexpected end of quotes: ${line}`);
    if (groups.space !== undefined) {
      open = false;
      continue;
    }
    const piece = groups.quoted?.slice(1, -1) ?? groups.escaped ?? groups.plain ?? '';
    words.push(open ? `${words.pop()}${piece}` : piece);
    open = true;
  }
  return words;
}
