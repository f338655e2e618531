import { objectsAt, textAt } from '../json.ts';
import { topModal } from '../methods/views.ts';
import type { User, View, Workspace } from '../workspace.ts';
import { Trouble } from './block-around.tsx';
import { Blocks } from './blocks.tsx';
import { plainWords } from './drawn.tsx';

/** The modal that is open before this person, or nothing. client.js lifts it over the page. */
export function Modal({ ws, viewer }: { ws: Workspace; viewer: User }) {
  const view = topModal(ws, viewer.id);
  if (!view) return null;
  const title = `modal-title-${view.id}`;
  const trouble = view.errors[''];
  return (
    <dialog className="bk-modal" id={`modal-${view.id}`} aria-labelledby={title} data-modal={view.id}>
      <form method="post" action={`/as/${viewer.name}/modal/submit`} noValidate={true} autoComplete="off">
        <input type="hidden" name="view" value={view.id} />
        <header className="bk-modal-head">
          <h2 id={title}>{plainWords(view.body.title)}</h2>
          <button type="button" className="bk-cross" aria-label="Close" data-leave="all">
            ✕
          </button>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className="bk-modal-body" tabIndex={0} aria-labelledby={title}>
          <Blocks
            ws={ws}
            viewer={viewer}
            place={{ kind: 'view', view }}
            blocks={objectsAt(view.body, 'blocks')}
          />
        </section>
        {trouble ? <Trouble words={trouble} /> : null}
        <Foot view={view} />
      </form>
    </dialog>
  );
}

function Foot({ view }: { view: View }) {
  const { body } = view;
  const close = plainWords(body.close) || (view.previousId ? 'Back' : 'Close');
  return (
    <footer className="bk-modal-foot">
      <button type="button" className="bk-button" data-leave="top">
        {close}
      </button>
      {textAt(body.submit, 'text') === '' ? null : (
        <button type="submit" className="bk-button primary" disabled={body.submit_disabled === true}>
          {plainWords(body.submit)}
        </button>
      )}
    </footer>
  );
}

/** Says when the modal must be sent again: another one, updated, or refused. What is typed is in the browser already. */
export function modalMark(ws: Workspace, viewer: User): string {
  const view = topModal(ws, viewer.id);
  return view ? `${view.id} ${view.hash} ${JSON.stringify(view.errors)}` : '';
}
