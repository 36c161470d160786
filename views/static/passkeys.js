// Signs in with a passkey, or adds one. The library only turns the browser's buffers into text and back.
const { startRegistration, startAuthentication, browserSupportsWebAuthn } = SimpleWebAuthnBrowser

const send = async ({ dataset }, path, body) => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': dataset.csrf },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`refused: ${answer.status}`)
  return answer.json()
}

const DEEDS = {
  register: async (part) => {
    const optionsJSON = await send(part, '/passkeys/register/options', {})
    const response = await startRegistration({ optionsJSON })
    return send(part, '/passkeys/register', { response })
  },
  sign_in: async (part) => {
    const optionsJSON = await send(part, '/passkeys/sign-in/options', {})
    const response = await startAuthentication({ optionsJSON })
    return send(part, '/passkeys/sign-in', { response, next: part.dataset.next })
  },
}

for (const part of browserSupportsWebAuthn() ? document.querySelectorAll('.passkey') : []) {
  const button = part.querySelector('button')
  const failed = part.querySelector('[role=alert]')
  part.querySelector('.passkey-none')?.remove()
  button.hidden = false
  const go = ({ next }) => location.assign(next)
  const say = () => {
    failed.hidden = false
    button.disabled = false
  }
  button.addEventListener('click', () => {
    failed.hidden = true
    button.disabled = true
    DEEDS[part.dataset.deed](part).then(go, say)
  })
}
