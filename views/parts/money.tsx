/** Money: `KSh 4,500`, never broken over two lines, and the lines that explain a price. */
import { formatKes, subtract, vatInside, type Cents } from '../../domain/money.ts'
import type { LineKind, PriceLine, Quote } from '../../domain/pricing.ts'
import type { Say } from '../language.ts'

export const Money = ({ amount, class: name = '' }: { amount: Cents; class?: string }) => (
  <span class={`money ${name}`.trim()}>{formatKes(amount)}</span>
)

const LINE_TEXTS = {
  days: 'line_days',
  hours: 'line_hours',
  months: 'line_months',
  weeks: 'line_weeks',
  one_way: 'line_one_way',
  base: 'line_rule_days',
  seasonal: 'line_rule_days',
  demand: 'line_rule',
  loyalty: 'line_rule',
  promotional: 'line_promotional',
  extra: 'line_extra',
  extra_driver: 'line_extra_driver',
  young_driver: 'line_young_driver',
  points: 'line_points',
} as const satisfies Record<LineKind, string>

const lineText = ({ kind, quantity, unitPrice, name = '', code = '' }: PriceLine, t: Say): string =>
  t(LINE_TEXTS[kind], { n: quantity, price: formatKes(unitPrice), name, code })

type Lines = {
  quote: Quote
  /** The price as it stands, when a part of it was given back since. */
  now?: Cents
  t: Say
}

const Lowered = ({ quote, now = quote.total, t }: Lines) => (
  <>
    <tr>
      <th scope="row">{t('givenBackLine')}</th>
      <td>
        <Money amount={subtract(now, quote.total)} />
      </td>
    </tr>
    <tr class="price-total">
      <th scope="row">{t('priceNow')}</th>
      <td>
        <Money amount={now} />
      </td>
    </tr>
  </>
)

/** Every line of a price, its total, the VAT inside, and the deposit that is not part of it. */
export const PriceLines = ({ quote, now = quote.total, t }: Lines) => (
  <table class="price-lines">
    <caption class="visually-hidden">{t('priceLines')}</caption>
    <tbody>
      {quote.lines.map((line) => (
        <tr>
          <th scope="row">{lineText(line, t)}</th>
          <td>
            <Money amount={line.amount} />
          </td>
        </tr>
      ))}
      <tr class="price-total">
        <th scope="row">{t('total')}</th>
        <td>
          <Money amount={quote.total} />
        </td>
      </tr>
      {now < quote.total && <Lowered quote={quote} now={now} t={t} />}
      <tr class="aside">
        <th scope="row">{t('vatInside')}</th>
        <td>
          <Money amount={now < quote.total ? vatInside(now).vat : quote.vat} />
        </td>
      </tr>
      {quote.deposit > 0 && (
        <tr class="aside">
          <th scope="row">{t('depositLine')}</th>
          <td>
            <Money amount={quote.deposit} />
          </td>
        </tr>
      )}
    </tbody>
  </table>
)

/** Beside every price: what else is taken at the desk, so that nobody learns it after paying. */
export const DepositNote = ({ quote, t }: { quote: Quote; t: Say }) =>
  quote.deposit > 0 ? (
    <p class="deposit">{t('depositNote', { deposit: formatKes(quote.deposit) })}</p>
  ) : null

export const PriceDetails = ({ quote, t }: { quote: Quote; t: Say }) => (
  <details class="fold">
    <summary>{t('priceLines')}</summary>
    <PriceLines quote={quote} t={t} />
  </details>
)
