// Small helps; every page works without them.
document.documentElement.classList.add('script')
document.getElementById('problems')?.focus()
// On a phone the rooms stand in one long row: the one that is open is in sight.
document
  .querySelector('.rooms [aria-current]')
  ?.scrollIntoView({ block: 'nearest', inline: 'center' })
const on = (name, handler) => document.addEventListener(name, handler)
// As the server reads an amount (readShillings in domain/money.ts); '' when it would refuse it.
const shillings = (text) => {
  const digits = text.replace(/^\s*(?:ksh|kes)\.?/i, '').replace(/[\s,]/g, '')
  return /^[1-9]\d{0,7}$/.test(digits) ? digits : ''
}
const kes = (digits) => `KSh ${digits.replace(/\B(?=(\d{3})+$)/g, ',')}`

// The button says what it will take. What a person typed survives the live part's refresh.
const label = (input) => {
  const form = input.closest('[data-label]')
  if (!form) return
  const { label, plain } = form.dataset
  const digits = shillings(input.value)
  const words = digits ? label.replace('{amount}', kes(digits)) : plain
  form.querySelector('#pay-button').textContent = words
}
on('input', ({ target }) => {
  target.setAttribute('hx-morph-skip', '')
  if (target.name === 'amount') label(target)
})

// Adding and removing people: the same request as without a script, but only the form is replaced.
const swapForm = async (form, button) => {
  const body = new URLSearchParams(new FormData(form, button))
  const answer = await fetch(form.getAttribute('action'), { method: 'POST', body })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.querySelector('.booking-form')
  if (!fresh) throw new Error('no form came back')
  // What was wrong before is told by the form that came back, or is over.
  document.getElementById('problems')?.remove()
  form.replaceWith(fresh)
  const rows = fresh.querySelectorAll('[data-party]')
  rows[rows.length - 1].querySelector('input').focus()
}

on('click', (event) => {
  const button = event.target.closest('button')
  if (!button) return
  const { amount, copy, done } = button.dataset
  if (amount) {
    const input = button.form.elements.amount
    input.value = amount
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }
  if (copy) {
    const link = new URL(copy, location.href).href
    const said = () => (button.textContent = done)
    navigator.clipboard?.writeText(link).then(said, () => prompt('', link))
  }
  if (/^(add|remove)_party/.test(button.value)) {
    event.preventDefault()
    const { form } = button
    swapForm(form, button).catch(() => form.requestSubmit(button))
  }
})

// Counts down beside the absolute time. The phone's clock may be wrong: the page brought ours.
const ours = document.querySelector('[data-now]')
const skew = ours ? Date.now() - Date.parse(ours.dataset.now) : 0
const two = (n) => String(n).padStart(2, '0')
setInterval(() => {
  for (const one of document.querySelectorAll('[data-until]')) {
    const s = Math.max(0, Math.floor((Date.parse(one.dataset.until) + skew - Date.now()) / 1000))
    const left =
      s < 3600
        ? Math.floor(s / 60) + ':' + two(s % 60)
        : one.dataset.hours
            .replace('{hours}', Math.floor(s / 3600))
            .replace('{minutes}', Math.floor((s % 3600) / 60))
    one.textContent = one.dataset.left.replace('{time}', left)
  }
}, 1000)
