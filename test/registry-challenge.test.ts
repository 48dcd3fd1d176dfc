import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { challengeOf } from '../addon/src/sources/docker/registry/challenge.ts';
import { tokenSourceOf } from '../addon/src/sources/docker/registry/realm.ts';

suite('how a registry wants to be asked', () => {
  const bearer = (realm: string, service?: string) => ({ scheme: 'bearer', realm, service });

  const headers: [string, string | string[] | undefined, object | undefined][] = [
    [
      'Docker Hub',
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
      bearer('https://auth.docker.io/token', 'registry.docker.io'),
    ],
    [
      'with a scope that holds commas',
      'Bearer realm="https://a/t",scope="repository:x:pull,push",service="s"',
      bearer('https://a/t', 's'),
    ],
    ['without quotes', 'bearer realm=https://a/t , service=s', bearer('https://a/t', 's')],
    ['escaped quotes', 'Bearer realm="https://a/\\"t",service="s"', bearer('https://a/"t', 's')],
    ['no service', 'Bearer realm="https://a/t"', bearer('https://a/t')],
    ['two ways, the password first', 'Basic realm="x", Bearer realm="https://a/t"', bearer('https://a/t')],
    ['two headers', ['Basic realm="x"', 'Bearer realm="https://a/t"'], bearer('https://a/t')],
    [
      'said twice, the first counts',
      'Bearer realm="https://a/t",realm="https://evil/t"',
      bearer('https://a/t'),
    ],
    ['a password', 'Basic realm="Registry Realm"', { scheme: 'basic' }],
    ['a bare word', 'Basic', { scheme: 'basic' }],
    ['a bearer without a realm', 'Bearer service="s"', undefined],
    ['something else', 'Negotiate', undefined],
    ['nothing', undefined, undefined],
    ['only noise', '="",,=\u0000 "', undefined],
    ['an open quote', `Bearer realm="https://a/t${'\\'.repeat(5_000)}`, undefined],
  ];
  for (const [title, header, expected] of headers) {
    test(`is read: ${title}`, () => assert.deepEqual(challengeOf(header), expected));
  }
});

suite('where a token is asked for', () => {
  const scope = 'repository:library/nginx:pull';
  const ask = (realm: string, more: { origin?: string; hasCredentials?: boolean; tokenHost?: string } = {}) =>
    tokenSourceOf({ scheme: 'bearer', realm, service: 'a service' }, scope, {
      name: 'test',
      origin: 'https://registry.lan:5000',
      hasCredentials: true,
      tokenHost: undefined,
      ...more,
    });

  const trusted: [string, string, Parameters<typeof ask>[1]?][] = [
    ['its own host', 'https://registry.lan:5000/token'],
    ['its own host, another port', 'https://registry.lan/service/token'],
    ['Docker Hub', 'https://auth.docker.io/token', { origin: 'https://registry-1.docker.io' }],
    ['lscr.io, which asks GitHub', 'https://ghcr.io/token', { origin: 'https://lscr.io' }],
    ['what the user named', 'https://gitlab.lan/jwt/auth', { tokenHost: 'gitlab.lan' }],
    [
      'itself without TLS, as configured',
      'http://registry.lan:5000/token',
      { origin: 'http://registry.lan:5000' },
    ],
  ];
  for (const [title, realm, more] of trusted) {
    test(`credentials go to ${title}`, () => {
      const { origin, path, trusted: goes } = ask(realm, more);
      assert.equal(goes, true);
      assert.equal(origin, new URL(realm).origin);
      assert.equal(new URL(path, origin).searchParams.get('scope'), scope);
      assert.equal(new URL(path, origin).searchParams.get('service'), 'a service');
    });
  }

  const hostile: [string, string, Parameters<typeof ask>[1]?][] = [
    ['another host', 'https://evil.example/token'],
    ['a host that only ends alike', 'https://evilregistry.lan/token'],
    ['a host that only begins alike', 'https://registry.lan.evil.example/token'],
    ['a user that looks like the host', 'https://registry.lan:5000@evil.example/token'],
    ['its own host without TLS', 'http://registry.lan:5000/token'],
    [
      'its own host without TLS, on another port',
      'http://registry.lan/token',
      { origin: 'http://registry.lan:5000' },
    ],
    ['Docker Hub’s service, for another registry', 'https://auth.docker.io/token'],
    ['the named service on another port', 'https://gitlab.lan:444/jwt', { tokenHost: 'gitlab.lan' }],
    ['a file', 'file:///etc/passwd'],
    ['no address', 'token'],
    ['nothing', ''],
    ['a script', 'javascript:alert(1)'],
  ];
  for (const [title, realm, more] of hostile) {
    test(`credentials never go to ${title}`, () =>
      assert.throws(() => ask(realm, more), { name: 'LabError', code: /source_failed|credentials_refused/ }));
  }

  test('without credentials another host may be asked over TLS, but not this machine', () => {
    const nobody = { hasCredentials: false };
    assert.equal(ask('https://gitlab.lan/jwt/auth', nobody).trusted, false);
    assert.throws(() => ask('http://gitlab.lan/jwt/auth', nobody), { code: 'source_failed' });
    assert.throws(() => ask('https://127.0.0.1:8123/token', nobody), { code: 'source_failed' });
    assert.throws(() => ask('https://[::1]/token', nobody), { code: 'source_failed' });
  });

  test('the registry does not say what may be asked for', () => {
    const { path, origin } = ask(
      'https://registry.lan:5000/token?scope=registry:catalog:*&scope=x&account=y',
    );
    assert.deepEqual(new URL(path, origin).searchParams.getAll('scope'), [scope]);
  });
});
