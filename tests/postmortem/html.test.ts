import fc from 'fast-check';
import { expect, test } from 'vitest';
import { htmlDraft } from '../../src/postmortem/draft.ts';
import { htmlDocument } from '../../src/postmortem/html.ts';
import { inlineHtml } from '../../src/postmortem/html-inline.ts';
import { at, declared, tsOf } from '../support/incident.ts';
import { bea, ninetyMinutes, sentence } from './story.ts';

/** What stands between `<main>` and `</main>`. */
const mainOf = (html: string): string => /<main>\n([\s\S]*)\n<\/main>/.exec(html)?.[1] ?? '';
const rendered = (markdown: string): string => mainOf(htmlDocument(markdown));

test('the Markdown of a draft becomes the same page: headings, lists, tables, emphasis, links, line breaks', () => {
  expect(rendered('# INC-1: Down\n\nFirst\\\nsecond **bold** _To answer: who?_')).toBe(
    '<h1>INC-1: Down</h1>\n<p>First<br>\nsecond <strong>bold</strong> <em>To answer: who?</em></p>',
  );
  expect(rendered('- [02:05](https://x.example/p1) a\\\n  b\n- c')).toBe(
    '<ul>\n<li><a href="https://x.example/p1" rel="noreferrer noopener">02:05</a> a<br>\nb</li>\n<li>c</li>\n</ul>',
  );
  expect(rendered('1. one\n2. two')).toBe('<ol>\n<li>one</li>\n<li>two</li>\n</ol>');
  expect(rendered('| A | B |\n| --- | --- |\n| 1 \\| 2 | _x_ |')).toContain(
    '<td>1 | 2</td><td><em>x</em></td>',
  );
  expect(rendered('```\n&lt;b> & c\n```')).toBe('<pre><code>&lt;b&gt; &amp; c</code></pre>');
  expect(rendered('~~~\na\n    ~~~\n`~~~`\n~~~~\nb')).toBe(
    '<pre><code>a\n    ~~~\n`~~~`</code></pre>\n<p>b</p>',
  );
  expect(rendered('> quoted\n> twice')).toBe('<blockquote><p>quoted\ntwice</p></blockquote>');
});

test('what Markdown made literal is literal here too', () => {
  expect(inlineHtml('\\*\\*no\\*\\* error_rate a\\_b &lt;b> &amp;lt; 2 * 3 * 4 _open')).toBe(
    '**no** error_rate a_b &lt;b&gt; &amp;lt; 2 * 3 * 4 _open',
  );
  expect(
    inlineHtml('[x](javascript:alert(1)) [y](//evil.example) [z](https://ok.example/"onclick=1)'),
  ).not.toContain('<a');
});

test('the page stands alone: it loads nothing, runs nothing, fits a phone, and prints', () => {
  const html = htmlDocument('# INC-1: <Down> & "out"\n\nx');
  expect(html).toContain('<title>INC-1: &lt;Down&gt; &amp; &quot;out&quot;</title>');
  expect(html).toContain('width=device-width, initial-scale=1');
  expect(html).toContain('@media print');
  expect(html).toContain('lang="en"');
  expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/);
  expect(html).toContain('default-src &#39;none&#39;');
});

test('a whole incident keeps all its sections and its links', () => {
  const life = ninetyMinutes();
  const { html, fileName } = htmlDraft({
    incident: life.incident,
    entries: life.entries,
    now: at('04:00'),
    names: (user) => user,
    sentence,
    link: ({ ts }) => `https://example.slack.com/archives/C42/p${ts.replace('.', '')}`,
  });
  expect(fileName).toBe('INC-42-checkout-is-down.html');
  expect(html.match(/<h2>/g)).toHaveLength(14);
  expect(html).toContain('<a href="https://example.slack.com/archives/C42/p');
  expect(html).not.toMatch(/\*\*|\]\(http/);
});

const nasty = fc.constantFrom(
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</main></body>',
  '</title><script>',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '&#60;script&#62;',
  '\\<b>',
  '[a](javascript:alert(1))',
  '[a](https://x.example/"onclick="alert(1))',
  '[<b>](https://x.example/<b>)',
  '![x](https://evil.example/x.png)',
  '`<b>`',
  '```\n<b>\n```',
  '**<b>**',
  '_<b>_',
  '| <b> | <i> |\n| --- | --- |\n| <u> |',
  '- <b>',
  '> <b>',
  '# <b>',
  '<@bea>',
  '<https://evil.example|<b>>',
  '\u202e',
  '\ud800',
);
const words = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 })), {
    maxLength: 7,
  })
  .map((parts) => parts.join(''));

const tags = 'h[1-6]|p|ul|ol|li|strong|em|code|pre|blockquote|table|thead|tbody|tr|td';
const ours = new RegExp(
  `^(?:</?(?:${tags})>|<br>|<th scope="col">|</th>|<div class="wide">|</div>|</a>|<a href="(?:https?://|mailto:)[^"<>]*" rel="noreferrer noopener">)$`,
);

/** Every piece of markup in the page that is not one of ours. */
const foreign = (html: string): string[] =>
  (mainOf(html).match(/<[^>]*>?/g) ?? []).filter((tag) => !ours.test(tag));

/** An ampersand that begins none of the five entities that we write. */
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|#39);)/;

test('whatever Markdown comes in, the page has no markup but its own, and every tag is closed in order', () => {
  fc.assert(
    fc.property(words, (markdown) => {
      const html = htmlDocument(`# ${markdown}\n\n${markdown}`);
      expect(foreign(html)).toEqual([]);
      expect(mainOf(html)).not.toMatch(bareAmpersand);
      expect(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1]).not.toMatch(/[<>]/);
      const open: string[] = [];
      for (const [, slash, name = ''] of mainOf(html).matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
        if (name === 'br') continue;
        if (slash === '') open.push(name);
        else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
    }),
    { numRuns: 1_500 },
  );
});

test('no words of an incident, and no edit, put markup into the exported page', () => {
  fc.assert(
    fc.property(words, (evil) => {
      const life = declared({ title: evil, summary: evil, service: evil, severityReason: evil })
        .happens('02:01', {
          type: 'message-posted',
          channel: 'C42',
          ts: tsOf('02:01'),
          threadTs: null,
          author: { user: null, app: evil },
          text: evil,
          files: [{ id: 'F1', name: evil, link: `https://files.example/${evil}` }],
          happenedAt: at('02:01'),
        })
        .happens('02:02', { type: 'postmortem-edited', by: bea, section: 'impact', text: evil })
        .happens('02:03', { type: 'followup-added', by: bea, n: 1, text: evil, owner: 'bea', dueAt: null });
      const { html } = htmlDraft({
        incident: life.incident,
        entries: life.entries,
        now: at('02:30'),
        names: () => evil,
        sentence,
        link: () => `https://example.slack.com/${evil}`,
      });
      expect(foreign(html)).toEqual([]);
      expect(html.match(/<h1>/g)).toHaveLength(1);
      expect(html.match(/<h2>/g)).toHaveLength(14);
    }),
    { numRuns: 200 },
  );
});
