import type { Incident } from '../pagerduty-events.ts';
import type { Scene } from './scene.ts';
import { Time } from './time.tsx';

/** Services that this PagerDuty knows; others can be typed. */
export const pagerdutyServices = ['payments', 'checkout'] as const;
/** Alerts in full view, the newest; a storm must not bury whose phone rang. */
const alertsMax = 5;
/** Older ones, folded away. */
const olderMax = 100;
/** Pages shown, the newest. */
const pagesMax = 30;

/** What one does in PagerDuty: the form stands still, what it leads to lives below. */
export function PagerDutyPanel({ scene }: { scene: Scene }) {
  const base = `/as/${scene.sight.user.name}/pagerduty`;
  return (
    <>
      <form className="stack" hx-post={`${base}/trigger`} hx-swap="none">
        <h3>Trigger an alert</h3>
        <label>
          Service
          <select name="service">
            {pagerdutyServices.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          Title
          <input name="title" required maxLength={255} defaultValue="Checkout error rate above 5%" />
        </label>
        <div className="row">
          <label>
            Urgency
            <select name="urgency">
              <option>high</option>
              <option>low</option>
            </select>
          </label>
          <label>
            Priority
            <select name="priority">
              <option value="">none</option>
              {['P1', 'P2', 'P3', 'P4', 'P5'].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        </div>
        <label>
          Custom details (JSON)
          <textarea name="details" rows={2} placeholder='{"error_rate": 62, "affected_users": 40}' />
        </label>
        <div className="row">
          <button type="submit" className="primary">
            Trigger
          </button>
          <label>
            Storm of
            <input name="storm" type="number" min={1} max={stormMax} defaultValue={1} />
          </label>
        </div>
      </form>
      <PagerDutyLive scene={scene} />
    </>
  );
}

/** Most alerts that one click raises. */
export const stormMax = 200;

/** Alerts with what can be done to them, and whose phones rang. */
export function PagerDutyLive({ scene }: { scene: Scene }) {
  const { pagerduty } = scene.room.world;
  const alerts = [...pagerduty.incidents].reverse();
  return (
    <div id="side-live">
      <h3>Alerts</h3>
      {alerts.length === 0 ? <p className="note">None yet.</p> : null}
      <Cards scene={scene} alerts={alerts.slice(0, alertsMax)} />
      {alerts.length > alertsMax ? (
        <details>
          <summary>{alerts.length - alertsMax} older ones</summary>
          <Cards scene={scene} alerts={alerts.slice(alertsMax, alertsMax + olderMax)} />
        </details>
      ) : null}
      <Paged scene={scene} />
    </div>
  );
}

function Cards({ scene, alerts }: { scene: Scene; alerts: readonly Incident[] }) {
  return (
    <ul className="cards">
      {alerts.map((alert) => (
        <AlertCard key={alert.id} scene={scene} alert={alert} />
      ))}
    </ul>
  );
}

function AlertCard({ scene, alert }: { scene: Scene; alert: Incident }) {
  const base = `/as/${scene.sight.user.name}/pagerduty`;
  const ticket = scene.room.world.pagerduty.ticket(alert);
  const acts =
    alert.status === 'resolved'
      ? []
      : alert.status === 'triggered'
        ? ['acknowledge', 'resolve']
        : ['resolve'];
  const assigned = alert.assignees.map(({ summary }) => summary).join(', ') || 'nobody';
  return (
    <li className={`alert ${alert.status}`}>
      <b>{alert.title}</b>
      <p className="note">
        #{alert.number} · {alert.service.summary} · {alert.urgency}
        {alert.priority ? ` · ${alert.priority.summary}` : ''} ·{' '}
        <Time at={alert.createdAt} tz={scene.sight.user.tz} />
      </p>
      <p>
        <b>{alert.status}</b> · assigned to {assigned}
        {ticket.level > 0 ? ` · step ${ticket.level} of ${ticket.policy.levels.length}` : ''}
      </p>
      <div className="row">
        {acts.map((act) => (
          <button
            key={act}
            type="button"
            aria-label={`${act} "${alert.title}"`}
            hx-post={`${base}/${act}`}
            hx-vals={JSON.stringify({ id: alert.id })}
            hx-swap="none"
          >
            {act === 'acknowledge' ? 'Acknowledge' : 'Resolve'}
          </button>
        ))}
      </div>
    </li>
  );
}

function Paged({ scene }: { scene: Scene }) {
  const pages = [...scene.room.world.pagerduty.pages].reverse();
  return (
    <>
      <h3>Whose phone rang</h3>
      {pages.length === 0 ? (
        <p className="note">Nobody's yet. Tocsin's own pages are direct messages.</p>
      ) : null}
      {pages.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">Step</th>
              <th scope="col">Alert</th>
            </tr>
          </thead>
          <tbody>
            {pages.slice(0, pagesMax).map((page) => (
              <tr key={`${page.at} ${page.incidentId} ${page.who} ${page.why}`}>
                <td>
                  <Time at={page.at} tz={scene.sight.user.tz} />
                </td>
                <td>{page.who}</td>
                <td>
                  {page.level > 0 ? page.level : page.why === 'responder' ? 'asked to help' : 'by hand'}
                </td>
                <td>{page.title}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </>
  );
}
