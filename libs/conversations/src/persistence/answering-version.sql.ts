/** Needs `c`, a conversation. A comparison that it got a version in counts while it runs, and with the persona that it is about. */
export const JOIN_PERSONA = `LEFT JOIN personas p ON p.id = c.persona_id AND p.deleted_at IS NULL
    LEFT JOIN persona_experiments e ON e.id = c.experiment_id AND e.persona_id = p.id AND e.stopped_at IS NULL`;

/** Which version of its persona answers in a conversation, and the comparison that says so. Needs `JOIN_PERSONA`. */
export const ANSWERING_VERSION = `CASE WHEN e.id IS NULL THEN p.current_version ELSE c.persona_version END AS "personaVersion", e.id AS "experimentId"`;

const unlessBegun = (column: string, value: string): string =>
  `${column} = CASE WHEN last_seq > 0 THEN ${column} ELSE (
             SELECT ${value} FROM persona_experiments e WHERE e.persona_id = conversations.persona_id AND e.stopped_at IS NULL
           ) END`;

/**
 * In an UPDATE of `conversations`: with its first message a conversation gets a version of the comparison that its persona is in, if any, for
 * good. By a hash, so that anybody can check who got what and why; the comparison is part of it, so that the next one mixes anew.
 */
export const ASSIGN_VERSION = `${unlessBegun('experiment_id', 'e.id')},
           ${unlessBegun(
             'persona_version',
             `CASE WHEN abs(mod(hashint8extended(conversations.id, e.id), 100)) < e.share_b THEN e.version_b ELSE e.version_a END`,
           )}`;
