/**
 * Photographs every page at 390 and 1280 px, light and dark, runs axe over it, and prints what the first
 * visit weighs. `npx tsx test/views/preview.tsx [name…]` writes into test-output/views/.
 */
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { vehicleSvg } from '../../views/vehicle-picture.tsx'
import { FILES, launch, ORIGIN, serve } from './browser.ts'
import { buildGallery } from './gallery.tsx'

const OUT = 'test-output/views'
const require = createRequire(import.meta.url)
/** Pictures below the fold load late; a photograph of the whole page wants them now. */
const EAGER =
  '(async () => { for (const one of document.images) { one.loading = "eager"; await one.decode() } })()'
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

type AxeResult = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }

const axe = async (page: Page): Promise<AxeResult[]> => {
  await page.evaluate(AXE)
  const found: AxeResult[] = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations)',
  )
  return found.filter((one) => one.impact === 'serious' || one.impact === 'critical')
}

let complaints = 0
const complain = (where: string, what: string) => {
  complaints += 1
  console.log(`! ${where}: ${what}`)
}

const photograph = async (
  browser: Browser,
  pages: Record<string, string>,
  names: string[],
  look: { width: number; scheme: 'light' | 'dark'; tag?: string },
) => {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 844 },
    colorScheme: look.scheme,
  })
  const page = await context.newPage()
  let where = ''
  page.on('console', (message) => {
    if (message.type() === 'error') complain(where, message.text())
  })
  page.on('pageerror', (error) => complain(where, error.message))
  await serve(page, pages)
  for (const name of names) {
    where = `${name}-${look.width}-${look.scheme}${look.tag ?? ''}`
    await page.goto(`${ORIGIN}/${name}`, { waitUntil: 'load' })
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    if (overflow !== 0) complain(where, `scrolls sideways by ${String(overflow)} px`)
    await page.evaluate(EAGER)
    await page.screenshot({ path: `${OUT}/${where}.png`, fullPage: true })
    for (const one of await axe(page))
      for (const node of one.nodes.slice(0, 3))
        complain(where, `${one.id} ${node.html.slice(0, 120)} ${node.failureSummary.slice(0, 200)}`)
  }
  await context.close()
}

const weigh = (home: string) => {
  const size = (text: string) => gzipSync(text, { level: 9 }).length
  const parts = {
    html: size(home),
    css: size(FILES['/static/gari.css']?.() ?? ''),
    js: size(FILES['/static/gari.js']?.() ?? ''),
    picture: size(vehicleSvg('suv', 'green')),
    favicon: size(FILES['/static/favicon.svg']?.() ?? ''),
  }
  const total = Object.values(parts).reduce((sum, one) => sum + one, 0)
  console.log('first visit, gzip bytes:', JSON.stringify(parts), 'total', total)
  console.log('htmx on live pages, gzip bytes:', size(FILES['/static/htmx.js']?.() ?? ''))
}

const main = async () => {
  await mkdir(OUT, { recursive: true })
  const [english, swahili] = [await buildGallery('en'), await buildGallery('sw')]
  const wanted = process.argv.slice(2)
  const names = Object.keys(english).filter((one) => wanted.length === 0 || wanted.includes(one))
  for (const name of names) await writeFile(`${OUT}/${name}.html`, english[name] ?? '')
  weigh(english['home'] ?? '')
  const browser = await launch()
  for (const width of [390, 1280])
    for (const scheme of ['light', 'dark'] as const)
      await photograph(browser, english, names, { width, scheme })
  const spoken = names.filter((one) => /^(home|results|book|pay-|booking|sign-in|code)/.test(one))
  await photograph(browser, swahili, spoken, { width: 390, scheme: 'light', tag: '-sw' })
  await browser.close()
  console.log(`${names.length} pages, ${complaints} complaints`)
  if (complaints > 0) process.exitCode = 1
}

await main()
