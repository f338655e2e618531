import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from 'pino';

/** Slack's libraries log whole bodies at debug level: they speak from warnings on, through our log and its redaction. */
export function slackLogger(log: Logger): SlackLogger {
  const quiet = (): void => undefined;
  const join = (words: unknown[]): string => words.map(String).join(' ');
  return {
    debug: quiet,
    info: quiet,
    warn: (...words: unknown[]) => log.warn({ from: 'slack library' }, join(words)),
    error: (...words: unknown[]) => log.error({ from: 'slack library' }, join(words)),
    setLevel: quiet,
    getLevel: () => LogLevel.WARN,
    setName: quiet,
  };
}
