/** Whoever has an account is told by mail when its second step was turned on or off. */
export const factorNotices = {
  name: '0061-factor-notices',
  steps: [
    'ALTER TABLE account_links DROP CONSTRAINT IF EXISTS account_links_purpose_check',
    'ALTER TABLE account_links DROP CONSTRAINT IF EXISTS account_links_purpose',
    `ALTER TABLE account_links ADD CONSTRAINT account_links_purpose CHECK (purpose IN
       ('verify_email', 'reset_password', 'invitation', 'password_changed', 'factor_changed')) NOT VALID`,
    'ALTER TABLE account_links VALIDATE CONSTRAINT account_links_purpose',
  ],
}
