export const EXPERIMENT_ARMS = ['a', 'b'] as const;
export type ExperimentArm = (typeof EXPERIMENT_ARMS)[number];

/** A comparison of two versions of one persona, by the conversations that begin while it runs. */
export interface Experiment {
  id: number;
  personaId: number;
  name: string;
  versionA: number;
  versionB: number;
  /** Ids of the versions, as the usage ledger has them. */
  versionAId: number;
  versionBId: number;
  /** Percent of the conversations that get version B. */
  shareB: number;
  startedBy: number | null;
  startedAt: Date;
  stoppedBy: number | null;
  /** Null while it runs. */
  stoppedAt: Date | null;
  /** The version that was made current when it was stopped. */
  publishedVersion: number | null;
}

export interface NewExperiment {
  name: string;
  versionA: number;
  versionB: number;
  shareB: number;
}
