/** What can keep a whole channel from working; `channels.problem_code`. */
export const CHANNEL_PROBLEMS = {
  /** The other system does not take the credentials: nothing is sent until somebody changes them. */
  tokenRefused: 'CHANNEL.TOKEN_REFUSED',
} as const;
export type ChannelProblem = (typeof CHANNEL_PROBLEMS)[keyof typeof CHANNEL_PROBLEMS];
