/** The people's phones beside the browser: what they show, and the hands that hold them. */
import type { Browser } from 'playwright-core'
import { control } from '../support/customer.ts'
import { eventually, type Stack } from '../support/stack.ts'
import { look, visit } from './looking.ts'

/** M-Pesa's message stands on that phone's own page, by itself. */
export const readMessage = (
  browser: Browser,
  stack: Stack,
  phone: string,
  text: string | RegExp,
  picture?: string,
): Promise<void> =>
  visit(browser, async (page) => {
    await page.goto(`${stack.simulator}/phones/${phone}`)
    await page.getByText(text).first().waitFor()
    if (picture) await look(page, picture)
  })

/** Lipa na M-Pesa, Pay bill, as typed on the phone. */
export const payByHand = (
  browser: Browser,
  stack: Stack,
  phone: string,
  { account, amount }: { account: string; amount: string },
): Promise<void> =>
  visit(browser, async (page) => {
    await page.goto(`${stack.simulator}/phones/${phone}`)
    await page.locator('input[name="account"]').fill(account)
    await page.locator('input[name="amount"]').fill(amount)
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByText(`for account ${account} on`).waitFor()
  })

/** Money comes onto the phone, or leaves it, from elsewhere. */
export async function fillWallet(stack: Stack, phone: string, balance: number): Promise<void> {
  const { status } = await control(stack, 'PATCH', `/phones/${phone}`, { balance })
  if (status !== 200) throw new Error(`the wallet of ${phone} answers ${status}`)
}

/** Most paybills are like this: Safaricom asks nobody before it takes money by hand. */
export async function takeWithoutAsking(stack: Stack): Promise<void> {
  const { status } = await control(stack, 'PATCH', '/settings', { c2bValidation: false })
  if (status !== 200) throw new Error(`the simulator answers ${status}`)
}

type Sms = { items: { to: string; text: string }[] }

/** The address that stands in a message to this phone, as soon as it has come. */
export const linkFromSms = (stack: Stack, phone: string, path: string): Promise<string> =>
  eventually(`a link to ${path} by SMS`, async () => {
    const { items } = (await (await fetch(`${stack.sms}/messages.json`)).json()) as Sms
    const found = items.find(({ to, text }) => to === `+${phone}` && text.includes(path))
    return found && /https?:\S+/.exec(found.text)?.[0]
  })
