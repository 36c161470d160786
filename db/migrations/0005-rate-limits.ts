/** Counters of attempts, one row for each key and window. */
export const rateLimits = {
  name: '0005-rate-limits',
  up: `
CREATE TABLE rate_limits (key bytea NOT NULL, window_start timestamptz NOT NULL, hits integer NOT NULL,
  PRIMARY KEY (key, window_start));
CREATE INDEX rate_limits_age ON rate_limits (window_start);
`,
}
