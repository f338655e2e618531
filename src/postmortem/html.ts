import { blocksHtml } from './html-blocks.ts';
import { escapeHtml, inlineHtml } from './html-inline.ts';

/**
 * The page carries its own looks, loads nothing, and runs nothing: the policy forbids it even to a browser that would.
 * Readable on a phone, in the dark, and on paper.
 */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const style = `
:root { color-scheme: light dark; }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin-top: 2rem; padding-top: .75rem; border-top: 1px solid #8888; }
h3, h4, h5, h6 { font-size: 1rem; }
li { margin: .3rem 0; }
a { color: inherit; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8888; }
blockquote { margin-left: 0; padding-left: 1rem; border-left: .25rem solid #8888; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #8888; padding: .35rem .5rem; text-align: left; vertical-align: top; }
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  tr, li, blockquote { break-inside: avoid; }
  .wide, pre { overflow: visible; white-space: pre-wrap; }
}`;

/** A draft's Markdown (document.ts) as one HTML file of its own. */
export function htmlDocument(markdown: string): string {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const title = /^# (.*)$/.exec(lines[0] ?? '')?.[1] ?? 'Postmortem';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="referrer" content="no-referrer">
<title>${inlineHtml(title).replace(/<[^>]*>/g, '')}</title>
<style>${style}
</style>
</head>
<body>
<main>
${blocksHtml(lines)}
</main>
</body>
</html>
`;
}
