// The PIN pad and the seconds left. Without this file the PIN is typed into its field.
const press = (form, key) => {
  const pin = form.elements.namedItem('pin')
  if (key === 'clear') pin.value = ''
  else if (key === 'back') pin.value = pin.value.slice(0, -1)
  else if (pin.value.length < pin.maxLength) pin.value += key
  pin.setCustomValidity('')
}

document.addEventListener('click', (event) => {
  const key = event.target.closest('[data-key]')
  if (key) press(key.form, key.dataset.key)
})

const TICK_MS = 1000

const showSecondsLeft = () => {
  for (const line of document.querySelectorAll('[data-lapses]')) {
    const left = Math.max(0, Math.ceil((Date.parse(line.dataset.lapses) - Date.now()) / TICK_MS))
    line.textContent = left === 1 ? '1 second left' : `${left} seconds left`
  }
}
setInterval(showSecondsLeft, TICK_MS)
