/** What the rules of charges, plans and shares say, keyed by the English as in `sentences.ts`. */
export const chargeSentences: Record<string, string> = {
  'Send an Idempotency-Key header (up to 255 characters, new for each charge).':
    'Tuma kichwa cha Idempotency-Key (hadi herufi 255, kipya kwa kila malipo).',
  'Use a new Idempotency-Key for a new payment.': 'Tumia Idempotency-Key mpya kwa kulipa upya.',
  'Charges are made by our staff.': 'Malipo haya huandaliwa na wafanyakazi wetu.',
  'Charges are cancelled by our staff.': 'Malipo haya hufutwa na wafanyakazi wetu.',
  'You may see this charge, but not pay for it.': 'Unaweza kuona malipo haya, lakini si kuyalipia.',
  'You may see this, but not pay for it.': 'Unaweza kuona hii, lakini si kuilipia.',
  'We have no such customer.': 'Hatuna mteja huyo.',
  'This booking is another customer’s.': 'Nafasi hii ni ya mteja mwingine.',
  'Leave between an hour and 180 days to pay.': 'Acha kati ya saa moja na siku 180 za kulipa.',
  'Nobody can pay later than the whole is due.':
    'Hakuna anayeweza kulipa baada ya muda wa malipo yote.',
  'We have no such charge.': 'Hatuna malipo hayo.',
  'Less than that is left to pay.': 'Kilichobaki kulipwa ni kidogo kuliko hicho.',
  'This link does not lead to a charge.': 'Kiungo hiki hakielekezi kwenye malipo.',
  'Name at most 5 phones.': 'Taja simu 5 tu.',
  'Name each phone once.': 'Taja kila simu mara moja tu.',
  'This charge is closed': 'Malipo haya yamefungwa',
  'This charge is paid': 'Malipo haya yamelipwa',
  'This share cannot be taken over now': 'Sehemu hii haiwezi kuchukuliwa sasa',
  'This cannot be made smaller': 'Hii haiwezi kupunguzwa',
  'This plan is over': 'Mpango huu umeisha',
  'This charge is already paid in full.': 'Malipo haya tayari yamelipwa yote.',
  'This charge has already ended.': 'Malipo haya tayari yameisha.',
  'This charge is no longer open, so nothing can be paid for it.':
    'Malipo haya hayako wazi tena, kwa hiyo hayawezi kulipiwa.',
  'This charge is no longer open.': 'Malipo haya hayako wazi tena.',
  'This cannot be made smaller: it is one thing, paid whole or not at all.':
    'Hii haiwezi kupunguzwa: ni kitu kimoja, hulipwa chote au hakilipwi.',
  'Nobody of this order has that id.': 'Huyu hayumo kwenye oda hii.',
  'This share may still be paid by whoever it belongs to.':
    'Sehemu hii bado inaweza kulipwa na mwenyewe.',
  'Nothing of this share is left to pay.': 'Hakuna kilichobaki kulipwa kwenye sehemu hii.',
  'A request for this share is still on a phone.': 'Ombi la sehemu hii bado liko kwenye simu.',
  'Shares can be taken over only while everybody’s money is being collected.':
    'Sehemu zinaweza kuchukuliwa tu wakati pesa za wote zinakusanywa.',
  'This share is your own.': 'Sehemu hii ni yako mwenyewe.',
  'Only an order that is being collected from everybody can become smaller.':
    'Oda inayokusanywa kutoka kwa wote pekee ndiyo inaweza kupunguzwa.',
  'Nobody else is left.': 'Hakuna mwingine aliyebaki.',
  'Cancel it instead.': 'Ifute badala yake.',
  'There is nothing to pay under this address.': 'Hakuna cha kulipa kwenye anwani hii.',
  'Nothing can be paid for this any more.': 'Hakuna kinachoweza kulipiwa hapa tena.',
  'This plan is over.': 'Mpango huu umeisha.',
  'A plan for this is already under way.': 'Mpango wa hii tayari unaendelea.',
  'We have no such payment.': 'Hatuna malipo hayo.',
  'Say what it is for.': 'Sema ni kwa ajili ya nini.',
  'Say a moment like 2026-11-27T10:00+03:00.': 'Andika wakati kama 2026-11-27T10:00+03:00.',
  'Say whose charge it is, or for which booking.': 'Sema ni malipo ya nani, au ya nafasi ipi.',
  'At most 10 people can share a charge.': 'Watu 10 tu wanaweza kugawana malipo.',
  'Only our desk takes that.': 'Ofisi yetu pekee hupokea hayo.',
  'Pay by M-Pesa or with credit.': 'Lipa kwa M-Pesa au kwa mkopo wako.',
  'This is nobody who pays here.': 'Huyu si mmoja wa wanaolipa hapa.',
  'Choose a time from the list.': 'Chagua muda kutoka kwenye orodha.',
  'Give each a time to pay that is to come, within a day and before pick-up.':
    'Mpe kila mmoja muda wa kulipa ujao, ndani ya siku moja na kabla ya kuchukua gari.',
  'Send an Idempotency-Key header (up to 255 characters, new for each request).':
    'Tuma kichwa cha Idempotency-Key (hadi herufi 255, kipya kwa kila ombi).',
  'Use a new Idempotency-Key for another request.': 'Tumia Idempotency-Key mpya kwa ombi jingine.',
}
