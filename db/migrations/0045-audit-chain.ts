/**
 * A chain over the audit: each link seals one entry together with the link before it, by a key that the database does not know.
 * It is made beside the entries, by one process, so that nobody who writes an entry waits for the one before.
 */
export const auditChain = {
  name: '0045-audit-chain',
  up: `
ALTER TABLE audit_entries ADD COLUMN origin text;

CREATE TABLE audit_chain (
  position bigint PRIMARY KEY CHECK (position > 0),
  -- Of audit_entries; without a foreign key, because what is gone there must be seen here.
  entry_id bigint NOT NULL UNIQUE,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  sealed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER audit_chain_fixed BEFORE UPDATE OR DELETE ON audit_chain
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_chain_kept BEFORE TRUNCATE ON audit_chain EXECUTE FUNCTION refuse_change();

-- What has been told to Kafka: the chain cannot have been shorter than this, nor another one.
CREATE TABLE audit_heads (
  version bigint PRIMARY KEY CHECK (version > 0),
  position bigint NOT NULL UNIQUE REFERENCES audit_chain,
  told_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER audit_heads_fixed BEFORE UPDATE OR DELETE ON audit_heads
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- One for each night that the audit was checked.
CREATE TABLE audit_checks (
  day date PRIMARY KEY, started_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz,
  links bigint, published bigint, lost_heads bigint, flaws jsonb
);
CREATE TRIGGER audit_heads_kept BEFORE TRUNCATE ON audit_heads EXECUTE FUNCTION refuse_change();
`,
}
