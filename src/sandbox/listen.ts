import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on this machine alone, on a free port where `port` is 0. Returns its address; rejects where it cannot. */
export async function listenHere(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
