/** Customers see and change their own addresses; a key of theirs does so only where it was given that. */
export const addressPermissions = {
  name: '0091-address-permissions',
  up: `
INSERT INTO permissions (name, resource, action, description)
SELECT name, split_part(name, ':', 1), split_part(name, ':', 2), description FROM (VALUES
  ('own_addresses:read', 'See one’s own addresses'),
  ('own_addresses:update', 'Change one’s own addresses')
) AS given (name, description)
ON CONFLICT (name) DO NOTHING;
INSERT INTO role_permissions (role, permission, granted_by)
SELECT 'customer', unnest(string_to_array('own_addresses:read own_addresses:update', ' ')), 'system'
ON CONFLICT DO NOTHING;
`,
}
