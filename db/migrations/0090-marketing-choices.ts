/** Who has said yes or no to offers and news, each time; and of whom nothing must be sent to, after they are forgotten too. */
export const marketingChoices = {
  name: '0090-marketing-choices',
  up: `
CREATE TABLE marketing_choices (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  channel text NOT NULL CHECK (channel IN ('email', 'sms')),
  given boolean NOT NULL,
  wording integer NOT NULL CHECK (wording > 0),
  language text NOT NULL CHECK (language IN ('en', 'sw')),
  place text NOT NULL CHECK (place IN ('registering', 'account', 'unsubscribe_link', 'desk')),
  chosen_by text NOT NULL,
  chosen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX marketing_choices_user ON marketing_choices (user_id, channel, id DESC);
-- What was said was said: a change of mind is another row.
CREATE TRIGGER marketing_choices_fixed BEFORE UPDATE OR DELETE ON marketing_choices
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER marketing_choices_kept BEFORE TRUNCATE ON marketing_choices EXECUTE FUNCTION refuse_change();

CREATE TABLE marketing_refusals (
  channel text NOT NULL CHECK (channel IN ('email', 'sms')),
  contact_index bytea NOT NULL,
  refused_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (channel, contact_index)
);
CREATE INDEX marketing_refusals_age ON marketing_refusals (refused_at);
`,
}
