/** Whoever has an account is told by mail when somebody types its right password and wrong codes. */
export const wrongCodes = {
  name: '0082-wrong-codes',
  steps: [
    'ALTER TABLE account_links DROP CONSTRAINT IF EXISTS account_links_purpose',
    `ALTER TABLE account_links ADD CONSTRAINT account_links_purpose CHECK (purpose IN
       ('verify_email', 'reset_password', 'invitation', 'password_changed', 'factor_changed', 'wrong_codes')) NOT VALID`,
    'ALTER TABLE account_links VALIDATE CONSTRAINT account_links_purpose',
  ],
}
