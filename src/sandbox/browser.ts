import { spawn } from 'node:child_process';

/** Opens the address in the browser of whoever sits here; does nothing where there is no screen. */
export function openBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : DISPLAY || WAYLAND_DISPLAY
          ? ['xdg-open', url]
          : [];
  if (!command) return;
  const opener = spawn(command, words, { stdio: 'ignore', detached: true });
  // The address stands in the terminal as well.
  opener.on('error', () => {});
  opener.unref();
}
