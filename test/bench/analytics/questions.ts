const DAY_MS = 86_400_000;

export interface Question {
  name: string;
  /** Who asks: an instance admin, the busiest user (who owns a workspace), or one of many. */
  as: 'admin' | 'busiest' | 'typical';
  path: string;
}

const REPORTS = ['usage', 'cost', 'latency', 'errors', 'conversations'] as const;

/** What people look at, over all and over one day, with the time zones that cost most. */
export function questions(nowMs: number, workspaceId: number): Question[] {
  const day = (ago: number): string => new Date(nowMs - ago * DAY_MS).toISOString().slice(0, 10);
  const year = `from=${day(365)}`;
  const about = (name: string, as: Question['as'], path: string): Question => ({ name, as, path: `/${path}` });
  const all = REPORTS.flatMap((report) => [
    about(`${report}: a year by month`, 'admin', `analytics/${report}?scope=instance&${year}&interval=month`),
    about(`${report}: a year by day`, 'admin', `analytics/${report}?scope=instance&${year}&interval=day`),
    about(
      `${report}: a year by day, New York`,
      'admin',
      `analytics/${report}?scope=instance&${year}&interval=day&time_zone=America/New_York`,
    ),
    about(
      `${report}: a year by day, Kolkata`,
      'admin',
      `analytics/${report}?scope=instance&${year}&interval=day&time_zone=Asia/Kolkata`,
    ),
    about(
      `${report}: a year by month and persona`,
      'admin',
      `analytics/${report}?scope=instance&${year}&interval=month&group_by=persona`,
    ),
    about(
      `${report}: a year by month and user`,
      'admin',
      `analytics/${report}?scope=instance&${year}&interval=month&group_by=user`,
    ),
    about(
      `${report}: a year by day of a workspace`,
      'busiest',
      `analytics/${report}?workspace_id=${workspaceId}&${year}&interval=day`,
    ),
    about(`${report}: a year by day of the busiest user`, 'busiest', `analytics/${report}?${year}&interval=day`),
    about(
      `${report}: a year by day of the busiest user, Berlin`,
      'busiest',
      `analytics/${report}?${year}&interval=day&time_zone=Europe/Berlin`,
    ),
    about(`${report}: 30 days of one of many users`, 'typical', `analytics/${report}`),
    about(
      `${report}: one day by hour`,
      'admin',
      `analytics/${report}?scope=instance&from=${day(40)}&to=${day(39)}&interval=hour`,
    ),
    about(
      `${report}: today by hour, from the ledger`,
      'admin',
      `analytics/${report}?scope=instance&from=${day(0)}&interval=hour`,
    ),
  ]);
  return [
    ...all,
    ...(['model', 'channel', 'purpose'] as const).map((group) =>
      about(
        `usage: a year by day and ${group}`,
        'admin',
        `analytics/usage?scope=instance&${year}&interval=day&group_by=${group}`,
      ),
    ),
    about(
      'usage: a year by day and persona, Berlin',
      'admin',
      `analytics/usage?scope=instance&${year}&interval=day&group_by=persona&time_zone=Europe/Berlin`,
    ),
    about(
      'usage: a year by day and model as CSV',
      'admin',
      `analytics/usage?scope=instance&${year}&interval=day&group_by=model&format=csv`,
    ),
    about('chat/stats of the busiest user', 'busiest', 'chat/stats'),
    about('metrics', 'admin', 'metrics'),
  ];
}
