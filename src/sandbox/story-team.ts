import type { Stage } from './stage.ts';
import { room, secondRoom } from './story-rooms.ts';

/** What a team does besides fixing: one incident of two reports, command in fresh hands, nothing left lying about. */

export async function theSecondReport(stage: Stage): Promise<void> {
  await stage.until('02:36');
  stage.act(
    'The same trouble, declared twice',
    'Finn sees a red dashboard, knows of nothing and declares. His new channel asks at once: is it the same?',
  );
  const declaration = '/incident declare sev2 Checkout has a high error rate';
  await stage.does('finn', `types ${declaration}`, (finn) => finn.command(declaration, { in: 'general' }));
  await stage.until('02:37');
  await stage.fills('finn', 'Merge into INC-1', {}, secondRoom);
  await stage.does('finn', 'writes, where it goes on', (finn) =>
    finn.say('Globex called me: every card is declined there', room),
  );
}

export async function theHandover(stage: Stage): Promise<void> {
  await stage.until('02:56');
  stage.act(
    'Command changes hands',
    'Cai cannot roll back and lead. Bea gets an offer with a briefing; until she accepts, Cai stays commander.',
  );
  const offer = '/incident handoff commander @bea The rollback is mine, two hosts of five are done';
  await stage.does('cai', `types ${offer}`, (cai) => cai.command(offer, room));
  await stage.until('02:58');
  await stage.does('bea', 'reads the briefing and taps [Accept]', (bea) => bea.click('Accept', { in: 'dm' }));
}

export async function theClosing(stage: Stage): Promise<void> {
  await stage.until('03:33');
  stage.act(
    'Closed, with nothing left lying about',
    'Resolved is not done. What the data shows is ticked already; what is missing is asked for.',
  );
  await stage.isRefused('bea', 'Close…', {}, room, 'Not ticked: follow-ups captured');
  await stage.does('bea', 'puts the form away: there is something to follow up', (bea) => bea.closeModal());
  const followup = '/incident followup add Test the tokenizer with real cards @cai by friday';
  await stage.does('bea', `types ${followup}`, (bea) => bea.command(followup, room));
  await stage.until('03:35');
  await stage.fills('bea', 'Close…', {}, room);
}
