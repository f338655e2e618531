import type { Incident as Alert } from './pagerduty-events.ts';
import type { Stage } from './stage.ts';
import { theCover, theTwoWays } from './story-oncall.ts';
import { room } from './story-rooms.ts';
import { theClosing, theHandover, theSecondReport } from './story-team.ts';

/** When the night begins. It is a Monday. */
export const storyStartsAt = '2026-03-02T02:00Z';
export const cast = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'] as const;

/** An incident of 90 minutes and its closing, then a short one, act by act. Everything the bot says is its own; here is only what people do. */
export async function playStory(stage: Stage): Promise<void> {
  const alert = await theAlert(stage);
  await theSecondPage(stage);
  await theAcknowledgement(stage);
  await theCommander(stage);
  await theFirstUpdate(stage);
  await theRaise(stage);
  await theSecondReport(stage);
  await theMissedUpdate(stage);
  await theCause(stage);
  await theHandover(stage);
  await theRollback(stage);
  await theEnd(stage, alert);
  await theClosing(stage);
  await theCover(stage);
  await theTwoWays(stage);
}

async function theAlert(stage: Stage): Promise<Alert> {
  const { pagerduty } = stage.world;
  const raised: Alert[] = [];
  stage.act(
    'PagerDuty raises an alarm',
    'One webhook makes an incident: a channel with a pinned card, a line in #incidents, a page.',
  );
  const what = { title: 'Checkout error rate above 5%', service: 'payments', urgency: 'high' } as const;
  await stage.happens(`PagerDuty: payments, high urgency, "${what.title}"; it calls Bea`, async () => {
    raised.push(await pagerduty.trigger(what));
  });
  const [alert] = raised;
  if (!alert) throw new Error('PagerDuty raised nothing');
  return alert;
}

async function theSecondPage(stage: Stage): Promise<void> {
  const { slack } = stage.world;
  await stage.until('02:14');
  stage.act(
    'Bea sleeps on, and the bot is killed',
    'SEV2 pages the secondary after 15 minutes. We pull the plug (kill -9) in the middle of that call: Slack has',
    "posted Cai's page, the bot will never hear that it did.",
  );
  const dm = slack.as('cai').sight('dm').id;
  const unwatch = slack.watch(async ({ method, args }, moment) => {
    if (method === 'chat.postMessage' && args.channel === dm && moment === 'after') await stage.world.kill();
  });
  await stage.until('02:15');
  unwatch();
  await stage.happens('the process is gone; nobody restarts it yet');
  await stage.until('02:16');
  await stage.does('ana', 'is on support, joins, and writes while the bot is dead', async (ana) => {
    await ana.join(room.in);
    await ana.say('Support has 40 tickets since 01:52: EU cards are declined', room);
  });
  await stage.happens('the bot starts again, on the same database', () => stage.world.restart('60s'));
  await stage.until('02:18');
  await stage.happens("it has looked into Cai's messages: the page is there, so it is not sent again");
}

async function theAcknowledgement(stage: Stage): Promise<void> {
  stage.act('Cai has it', 'One tap stops the paging and tells Bea to stand down.');
  await stage.does('cai', 'taps [Acknowledge] on the phone', (cai) => cai.click('Acknowledge', { in: 'dm' }));
  await stage.until('02:19');
  await stage.does('cai', 'writes', (cai) => cai.say('Deploy 512 went out at 01:50. Looking at it', room));
  await stage.happens('Grafana posts a graph', () =>
    stage.world.slack.otherApp('Grafana').say('checkout 5xx: 6.1%, rising', room),
  );
}

async function theCommander(stage: Stage): Promise<void> {
  await stage.until('02:22');
  stage.act(
    'Nobody is in command',
    'The clock reads the timeline. Five minutes after the acknowledgement it asks.',
  );
  await stage.until('02:24');
  await stage.does('cai', 'clicks [Take command]', (cai) => cai.click('Take command', room));
  await stage.until('02:25');
  await stage.does('ana', 'types /incident role comms me', (ana) =>
    ana.command('/incident role comms me', room),
  );
}

async function theFirstUpdate(stage: Stage): Promise<void> {
  await stage.until('02:27');
  stage.act(
    'A status update',
    'The form asks for what stakeholders want to know. It reaches the card and #incidents.',
  );
  await stage.fills(
    'ana',
    'Update',
    {
      'What is happening?': 'Card payments fail for customers in the EU',
      'Impact on users': 'About one in three EU checkouts fails',
      'What we are doing': 'Comparing release 512 with 511',
    },
    room,
  );
  await stage.until('02:29');
  await stage.does('ana', 'writes', (ana) => ana.say('Only EU cards are affected', room));
  await stage.until('02:30');
  await stage.does('ana', 'corrects that: the timeline keeps both versions', (ana) =>
    ana.edit(/Only EU cards/, 'EU and US cards are affected', room),
  );
}

async function theRaise(stage: Stage): Promise<void> {
  await stage.until('02:31');
  stage.act(
    'It is worse than we thought',
    'Raising the severity starts the SEV1 ladder: a new answer is needed, from Cai too.',
  );
  await stage.does('cai', 'types /incident sev 1 cards fail everywhere', (cai) =>
    cai.command('/incident sev 1 cards fail everywhere', room),
  );
  await stage.until('02:32');
  await stage.does('cai', 'taps [I have it]', (cai) => cai.click('I have it', { in: 'dm' }));
  await stage.until('02:34');
  await stage.does('bea', 'is awake now, and pastes too much', (bea) =>
    bea.say('On it too. curl -H "api-key: hunter2" says 500', room),
  );
  await stage.does('bea', 'deletes it: the text leaves the timeline and the draft', (bea) =>
    bea.delete(/hunter2/, room),
  );
}

async function theMissedUpdate(stage: Stage): Promise<void> {
  await stage.until('02:40');
  await stage.does('cai', 'writes', (cai) =>
    cai.say('512 changed the card tokenizer. Preparing a rollback', room),
  );
  await stage.until('02:45');
  stage.act(
    'An update is missed',
    'SEV1 wants one every 15 minutes. First the channel hears of it, then the commander by name.',
  );
  await stage.until('02:52');
  await stage.does('cai', 'writes', (cai) => cai.say('Rollback is running, one host in five done', room));
  await stage.until('02:53');
  await stage.fills(
    'ana',
    'Post update',
    {
      'What is happening?': 'Card payments fail everywhere since release 512',
      'Impact on users': 'Nearly all checkouts fail',
      'What we are doing': 'Rolling back release 512',
    },
    room,
  );
}

async function theCause(stage: Stage): Promise<void> {
  await stage.until('02:55');
  stage.act('The cause is known');
  await stage.does('cai', 'types /incident status identified', (cai) =>
    cai.command('/incident status identified the tokenizer of 512 refuses every card', room),
  );
}

async function theRollback(stage: Stage): Promise<void> {
  await stage.until('03:04');
  stage.act('The way out');
  await stage.does('cai', 'writes', (cai) => cai.say('Rolled back to 511, all hosts', room));
  await stage.until('03:05');
  await stage.does('cai', 'writes', (cai) => cai.say('Error rate is falling: 0.4%', room));
  await stage.until('03:06');
  await stage.does('bea', 'types /incident status monitoring', (bea) =>
    bea.command('/incident status monitoring error rate is falling', room),
  );
  await stage.does('ana', 'types /incident update', (ana) =>
    ana.command('/incident update Release 512 is rolled back, payments recover', room),
  );
  await stage.until('03:15');
  await stage.does('ana', 'writes in the thread', (ana) =>
    ana.say('No new tickets for ten minutes', { ...room, thread: /Rolled back to 511/ }),
  );
  await stage.does('ana', 'types /incident update', (ana) =>
    ana.command('/incident update No new reports, we keep watching', room),
  );
}

async function theEnd(stage: Stage, alert: Alert): Promise<void> {
  await stage.until('03:18');
  await stage.does('cai', 'writes', (cai) =>
    cai.say('Back to normal, I watch it for ten more minutes', room),
  );
  await stage.until('03:26');
  await stage.happens('PagerDuty: the alert has cleared', () => stage.world.pagerduty.resolve(alert));
  await stage.until('03:29');
  stage.act('Resolved', 'Resolving asks two questions, and the draft writes itself.');
  await stage.until('03:30');
  await stage.fills(
    'bea',
    'Resolve…',
    {
      'How was it fixed?': 'Rollback',
      'I checked: users are fine again': true,
      'A sentence for the postmortem':
        'Back on 511; 512 is blocked until its tokenizer is tested with real cards',
    },
    room,
  );
}
