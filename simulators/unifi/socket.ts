import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [TEXT, CLOSE, PING, PONG] = [0x1, 0x8, 0x9, 0xa];

/** Our end of a web socket, as far as an event stream needs one: it sends texts and answers pings. RFC 6455. */
export interface Pipe {
  send(text: string): void;
  close(): void;
}

/** Accepts a request to go on as a web socket. */
export function acceptSocket(request: IncomingMessage, socket: Duplex, onClose: () => void): Pipe {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('data', (data: Buffer) => {
    const kind = (data[0] ?? 0) & 0x0f;
    if (kind === CLOSE) socket.end(frameOf(CLOSE, Buffer.alloc(0)));
    // A ping carries nothing that we would have to unmask.
    if (kind === PING) socket.write(frameOf(PONG, Buffer.alloc(0)));
  });
  socket.on('error', () => socket.destroy());
  socket.once('close', onClose);
  return {
    send: (text) => socket.write(frameOf(TEXT, Buffer.from(text))),
    close: () => socket.destroy(),
  };
}

function frameOf(kind: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? Buffer.from([0x80 | kind, length]) : Buffer.alloc(length < 65_536 ? 4 : 10);
  if (length >= 126) {
    head[0] = 0x80 | kind;
    head[1] = length < 65_536 ? 126 : 127;
    if (length < 65_536) head.writeUInt16BE(length, 2);
    else head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
