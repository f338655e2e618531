import type { Json } from '../json.ts';
import { textAt } from '../json.ts';
import type { Place } from '../payloads.ts';
import type { StoredFile, User, Workspace } from '../workspace.ts';
import { Blocks } from './blocks.tsx';

const IMAGE = /\.(png|jpe?g|gif|webp)$/i;
const MARKDOWN = /\.(md|markdown)$/i;
/** Longer texts are cut here and can be opened whole. */
const previewLengthMax = 20_000;

/** Types that a browser may show as an image. */
const imageTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

/** How a stored file is served to a browser: images as such, everything else as plain text, never as a page. */
export function contentTypeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return imageTypes[ending] ?? 'text/plain; charset=utf-8';
}

interface FileProps {
  ws: Workspace;
  viewer: User;
  place: Place;
  file: Json;
}

/** A file in a message: its name as a link, and what is in it where that can be shown. */
export function FileCard({ ws, viewer, place, file }: FileProps) {
  const id = textAt(file, 'id');
  const stored = ws.files.get(id);
  const name = textAt(file, 'title') || textAt(file, 'name');
  const href = `/as/${viewer.name}/files/${id}`;
  return (
    <div className="file">
      <a className="file-name" href={href} target="_blank" rel="noreferrer">
        📄 {name}
      </a>
      {stored ? <Preview ws={ws} viewer={viewer} place={place} stored={stored} href={href} /> : 'It is gone.'}
    </div>
  );
}

function Preview(props: Omit<FileProps, 'file'> & { stored: StoredFile; href: string }) {
  const { ws, viewer, place, stored, href } = props;
  if (IMAGE.test(stored.name)) return <img src={href} alt={stored.title} loading="lazy" />;
  const text = (stored.content?.toString('utf8') ?? '').slice(0, previewLengthMax);
  return (
    <details>
      <summary>Show {stored.name}</summary>
      {MARKDOWN.test(stored.name) ? (
        <Blocks ws={ws} viewer={viewer} place={place} blocks={[{ type: 'markdown', text }]} />
      ) : (
        <pre>{text}</pre>
      )}
    </details>
  );
}
