/** One element of a list that lives: when its `mark` changes, it is drawn anew. */
export interface Item {
  /** The id of its element. */
  id: string;
  mark: string;
  html: () => string;
}

/** What turns the list of before into the list of now: fragments for htmx, each with the place where it goes. */
export interface ListEye {
  /** Fragments since the last look; remembers what stands there now. */
  look(items: readonly Item[]): string[];
  /** The list as it is, whole: for a page that may have missed something. */
  whole(items: readonly Item[]): string;
}

/** `hx-partial`: a fragment that names its own place. */
export function partial(target: string, swap: string, html: string): string {
  return `<hx-partial hx-target="#${target}" hx-swap="${swap}">${html}</hx-partial>`;
}

/** An eye on the list whose element has this id, and which shows `known` already. */
export function eyeOnList(listId: string, known: readonly Item[]): ListEye {
  let marks = marksOf(known);
  let order = known.map(({ id }) => id);

  function look(items: readonly Item[]): string[] {
    const now = marksOf(items);
    const gone = order.filter((id) => !now.has(id)).map((id) => partial(id, 'delete', ''));
    const others = changedIn(listId, items, marks);
    marks = now;
    order = items.map(({ id }) => id);
    return [...gone, ...others];
  }

  function whole(items: readonly Item[]): string {
    marks = marksOf(items);
    order = items.map(({ id }) => id);
    return partial(listId, 'innerMorph', items.map(({ html }) => html()).join(''));
  }

  return { look, whole };
}

const marksOf = (items: readonly Item[]) => new Map(items.map(({ id, mark }) => [id, mark]));

/** Neighbours that are new go out in one fragment: a storm is one insertion. */
function changedIn(listId: string, items: readonly Item[], marks: ReadonlyMap<string, string>): string[] {
  const fragments: string[] = [];
  let fresh: string[] = [];
  let before: string | null = null;
  const flush = () => {
    if (fresh.length === 0) return;
    const html = fresh.join('');
    fragments.push(before === null ? partial(listId, 'afterbegin', html) : partial(before, 'afterend', html));
    fresh = [];
  };
  for (const { id, mark, html } of items) {
    const known = marks.get(id);
    if (known === undefined) {
      fresh.push(html());
      continue;
    }
    flush();
    if (known !== mark) fragments.push(partial(id, 'outerMorph', html()));
    before = id;
  }
  flush();
  return fragments;
}
