/**
 * Every job there is. A job carries ids only: PostgreSQL holds the truth, a job wakes somebody up to look at it.
 * The worker refuses to start when a job has no handler or two.
 */
export interface JobMap {
  /** A conversation may have a turn to run. Losing or doubling this job is harmless: the reconciler wakes it again, the lease excludes. */
  'conversation.wake': { conversationId: number };
  /** Much may have fallen out of the conversation's window. Losing or doubling this job is harmless: the next turn wakes it again, a claim excludes. */
  'conversation.summarise': { conversationId: number; turnId: number };
  /** Proof that a job put in comes out at a worker; used by the start-up check and by readiness. */
  'queue.probe': { probeId: string };
  /** Removes logins and refresh tokens that have run out. Scheduled. */
  'logins.clean-up': Record<string, never>;
  /** Marks ledger rows `lost` that nobody will close any more. Scheduled. */
  'model-calls.close-abandoned': Record<string, never>;
  /** Deletes conversations at OpenAI that nothing here refers to any more. Scheduled. */
  'openai-conversations.remove': Record<string, never>;
  /** Lets go of conversations at OpenAI that were not used for long. Scheduled. */
  'openai-conversations.forget-inactive': Record<string, never>;
  /** Gives calls of the past the cost that the prices of now say. Losing or doubling this job is harmless: it is also scheduled, and a lock excludes. */
  'prices.re-rate': Record<string, never>;
  /** Removes what watchers of replies could resume from. Scheduled. */
  'turn-streams.clean-up': Record<string, never>;
  /** Reads the upstream's list of models when that is a day old, and looks who uses one that ends. Scheduled. */
  'models.check': Record<string, never>;
  /** Removes cached answers that have run out or are too many. Scheduled. */
  'cached-answers.clean-up': Record<string, never>;
  /** Notices budgets that reach a limit, tells webhooks, and gives back what dead processes held. Scheduled. */
  'budgets.upkeep': Record<string, never>;
  /** Removes pictures that no message has used in time. Scheduled. */
  'uploads.clean-up': Record<string, never>;
  /** Ends sessions in which nothing was said for too long, and asks again for summaries that are missing. Scheduled. */
  'sessions.expire': Record<string, never>;
  /** A session has ended and is to be summed up. Losing or doubling this job is harmless: `sessions.expire` asks again, a claim excludes. */
  'session.summarise': { sessionId: number };
  /** Brings the sums of the ledger up to date. Losing or doubling this job is harmless: reports read from the ledger what is not summed up. Scheduled. */
  'analytics.roll-up': Record<string, never>;
  /** Encrypts anew what has an old key. Losing or doubling this job is harmless: rows say what is left, and are written only while they are as they were read. Scheduled. */
  'encryption.rotate': Record<string, never>;
  /** Sends webhooks that are due. Losing or doubling this job is harmless: it is also scheduled, rows say what is left and who has it. */
  'webhooks.deliver': Record<string, never>;
  /** A model is to sum a conversation up for the person who takes over. Losing this job is harmless: people can ask again; doubling costs a call. */
  'escalations.draft': { escalationId: number };
  /** Notices escalations that wait for too long, and gives what waits to people who are there. Scheduled. */
  'escalations.upkeep': Record<string, never>;
  /** Messages of a person have arrived through a channel; who that is, is encrypted. Losing or doubling this job is harmless: `channels.upkeep` finds what waits, rows say who has it. */
  'channels.receive': { channelId: number; sender: string };
  /** A conversation has something to carry to the person. Losing or doubling this job is harmless: `channels.upkeep` finds what waits, rows say who has it. */
  'channels.deliver': { conversationId: number };
  /** Finds what waits in channels and nobody was woken for, and removes what was settled long ago. Scheduled. */
  'channels.upkeep': Record<string, never>;
}

export type JobName = keyof JobMap;
export const JOB_NAMES: readonly JobName[] = [
  'conversation.wake',
  'conversation.summarise',
  'queue.probe',
  'logins.clean-up',
  'model-calls.close-abandoned',
  'openai-conversations.remove',
  'openai-conversations.forget-inactive',
  'prices.re-rate',
  'turn-streams.clean-up',
  'models.check',
  'cached-answers.clean-up',
  'uploads.clean-up',
  'analytics.roll-up',
  'budgets.upkeep',
  'sessions.expire',
  'session.summarise',
  'encryption.rotate',
  'webhooks.deliver',
  'escalations.upkeep',
  'escalations.draft',
  'channels.receive',
  'channels.deliver',
  'channels.upkeep',
];

/** Handles one kind of job. It must be safe to run twice and in parallel. */
export type JobHandler<N extends JobName> = (data: JobMap[N]) => Promise<void>;
