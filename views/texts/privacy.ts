/** One's own data, and how we treat everybody's. */
import { BASIS_WORDS, PERIOD_WORDS } from '../../domain/retention-words.ts'
import type { Text } from '../language.ts'

export const privacyTexts = {
  dataTitle: ['Your data', 'Taarifa zako'],
  dataLink: [
    'What we hold about you, a copy of it, and how to have it erased.',
    'Taarifa tulizo nazo kukuhusu, nakala yake, na jinsi ya kuzifuta.',
  ],
  dataLead: [
    'What we hold about you is yours to see, to correct and to have erased, by Kenya’s Data Protection Act, 2019.',
    'Taarifa zako tulizonazo ni zako kuziona, kuzisahihisha na kuomba zifutwe, kwa Sheria ya Ulinzi wa Data ya Kenya ya 2019.',
  ],
  dataHow: ['How we treat your data', 'Tunavyotunza taarifa zako'],
  copyTitle: ['Have a copy of it', 'Pata nakala yake'],
  copyText: [
    'We gather all that we hold about you, with the pictures of your id and licence: a PDF to read, and a JSON file for programs. It takes a few minutes, and we write to you when it is ready.',
    'Tunakusanya taarifa zako zote tulizonazo, pamoja na picha za kitambulisho na leseni yako: PDF ya kusoma, na faili la JSON kwa programu. Inachukua dakika chache, nasi tunakuandikia ikiwa tayari.',
  ],
  copyOthers: [
    'Phones and e-mails of other people are partly hidden in it. Who works with us cannot open it.',
    'Simu na barua pepe za watu wengine zimefichwa kiasi. Wafanyakazi wetu hawawezi kuifungua.',
  ],
  copyButton: ['Make my copy', 'Tengenezeni nakala yangu'],
  copyAgainButton: ['Make a new copy', 'Tengenezeni nakala mpya'],
  copyWaiting: ['Your copy is being made.', 'Nakala yako inatengenezwa.'],
  copyProgress: ['{done} of {of} parts are gathered', 'Sehemu {done} kati ya {of} zimekusanywa'],
  copyReady: [
    'Your copy is ready. It lies here until {time}; then it is deleted.',
    'Nakala yako iko tayari. Iko hapa hadi {time}; kisha inafutwa.',
  ],
  copyPdf: ['Fetch the PDF', 'Chukua PDF'],
  copyJson: ['Fetch the JSON file', 'Chukua faili la JSON'],
  copyOver: [
    'Your last copy was deleted, as its time was over or a new one was made.',
    'Nakala yako ya mwisho imefutwa, kwa kuwa muda wake uliisha au mpya ilitengenezwa.',
  ],
  copyStaff: [
    'Your account is for work with us. Whoever looks after accounts tells you what we hold.',
    'Akaunti yako ni ya kazi nasi. Anayesimamia akaunti atakuambia tulichonacho.',
  ],
  correctTitle: ['Correct it', 'Isahihishe'],
  correctText: [
    'Some of it you change in your account. Whatever else is wrong, tell us at the desk or write to {contact}, and we correct it.',
    'Baadhi unabadilisha kwenye akaunti yako. Chochote kingine kisicho sahihi, tuambie ofisini au andika kwa {contact}, nasi tutakisahihisha.',
  ],
  correctLink: ['Open your account', 'Fungua akaunti yako'],
  eraseTitle: ['Have it erased', 'Omba ifutwe'],
  eraseText: [
    'Your account is closed, and your name, phone, e-mail, addresses and the names of those you booked with are erased. Nobody can undo it.',
    'Akaunti yako itafungwa, na jina, simu, barua pepe, anwani na majina ya uliohifadhi nao nafasi yatafutwa. Hakuna anayeweza kurudisha.',
  ],
  eraseStays: [
    'What stays: sums and receipt numbers without your name, and tax documents with the name of their buyer for five years after the end of their year, because tax law asks for them.',
    'Kinachobaki: kiasi na namba za risiti bila jina lako, na hati za kodi zenye jina la mnunuzi kwa miaka mitano baada ya mwaka wake kuisha, kwa sababu sheria ya kodi inazitaka.',
  ],
  eraseWait: [
    'We wait {n} days before we begin. Until then you can take it back here.',
    'Tunasubiri siku {n} kabla ya kuanza. Hadi wakati huo unaweza kughairi hapa.',
  ],
  eraseAtOnce: ['It begins within minutes.', 'Inaanza ndani ya dakika chache.'],
  eraseNeeds: [
    'It cannot begin yet, because there is {needs}. End that first.',
    'Haiwezi kuanza bado, kwa sababu kuna {needs}. Maliza hilo kwanza.',
  ],
  eraseConfirm: ['Type {word} to confirm', 'Andika {word} kuthibitisha'],
  eraseButton: ['Erase what you hold about me', 'Futeni taarifa zangu mlizonazo'],
  eraseAgain: [
    'So that nobody does this with a browser that stands open, sign in again first.',
    'Ili mtu asifanye hivi kwa kivinjari kilichoachwa wazi, ingia tena kwanza.',
  ],
  eraseAgainButton: ['Sign in again', 'Ingia tena'],
  eraseWaiting: [
    'You asked us to erase it. We begin on {time}.',
    'Umeomba tuifute. Tunaanza {time}.',
  ],
  eraseDelayed: [
    'You asked us to erase it. We cannot begin, because there is {needs}. We look again every day.',
    'Umeomba tuifute. Hatuwezi kuanza, kwa sababu kuna {needs}. Tunaangalia tena kila siku.',
  ],
  eraseRefused: [
    'You asked us to erase it, and we could not, because there was {needs}.',
    'Uliomba tuifute, nasi hatukuweza, kwa sababu kulikuwa na {needs}.',
  ],
  eraseBack: ['Take it back', 'Ghairi'],
  eraseStaff: [
    'Your account is for work with us. Whoever looks after accounts closes it when you leave.',
    'Akaunti yako ni ya kazi nasi. Anayesimamia akaunti huifunga ukiondoka.',
  ],
  privacyTitle: ['How we treat your data', 'Tunavyotunza taarifa zako'],
  privacyLead: [
    '{name} decides what is done with your data (the “data controller”). Ask us anything about it: {contact}.',
    '{name} ndiyo inayoamua taarifa zako zinatumikaje (“mdhibiti wa data”). Tuulize lolote kuzihusu: {contact}.',
  ],
  privacyRights: [
    'By Kenya’s Data Protection Act, 2019 (sections 26 and 40), you may have what we hold about you corrected and erased. Sign in and open “Your data” under your account, or ask at the desk.',
    'Kwa Sheria ya Ulinzi wa Data ya Kenya ya 2019 (vifungu 26 na 40), unaweza kuomba taarifa zako tulizonazo zisahihishwe na zifutwe. Ingia na ufungue “Taarifa zako” kwenye akaunti yako, au uliza ofisini.',
  ],
  privacyCopy: [
    'You may also see all of it and take it with you (sections 26 and 38): under “Your data” you have a copy made, for yourself and for programs. Whoever has no account with us writes to {contact}.',
    'Pia unaweza kuziona zote na kuzichukua (vifungu 26 na 38): chini ya “Taarifa zako” unatengenezewa nakala, kwa ajili yako na kwa programu. Asiye na akaunti kwetu aandike kwa {contact}.',
  ],
  privacyComplain: [
    'Are you not content with our answer? Complain to the Office of the Data Protection Commissioner: odpc.go.ke.',
    'Hujaridhika na jibu letu? Lalamika kwa Ofisi ya Kamishna wa Ulinzi wa Data: odpc.go.ke.',
  ],
  privacyShared: [
    'M-Pesa (Safaricom) is asked to charge the phone you name; the Kenya Revenue Authority is told of invoices; our mail and SMS services carry our messages. We sell nothing to anybody.',
    'M-Pesa (Safaricom) huombwa kutoza simu unayotaja; Mamlaka ya Mapato Kenya huarifiwa kuhusu ankara; huduma zetu za barua pepe na SMS hubeba ujumbe wetu. Hatumuuzii mtu chochote.',
  ],
  privacyTable: [
    'What we hold, what for, and how long',
    'Tulichonacho, cha nini, na kwa muda gani',
  ],
  privacyWhy: ['Why we may', 'Kwa nini tunaruhusiwa'],
  privacyUntil: ['How long', 'Muda gani'],
  privacyErased: ['When you are erased', 'Ukifutwa'],
  basis_contract: BASIS_WORDS.contract,
  basis_law: BASIS_WORDS.law,
  basis_security: BASIS_WORDS.security,
  basis_consent: BASIS_WORDS.consent,
  period_open: PERIOD_WORDS.open,
  period_days: PERIOD_WORDS.days,
  period_tax: PERIOD_WORDS.tax,
  period_books: PERIOD_WORDS.books,
  erasure_destroyed: ['gone', 'inaondoka'],
  erasure_overwritten: ['stays without you in it', 'inabaki bila wewe ndani yake'],
  erasure_kept: ['stays until its time is over', 'inabaki hadi muda wake uishe'],
  kind_account: [
    'Name, e-mail, phone, birth date, language, what we noted',
    'Jina, barua pepe, simu, tarehe ya kuzaliwa, lugha, tuliyoandika',
  ],
  kind_addresses: ['Addresses', 'Anwani'],
  kind_ratings: [
    'Your risk level and credit score, and why',
    'Kiwango chako cha hatari na alama za mkopo, na sababu',
  ],
  kind_signing_in: ['Where you are signed in', 'Mahali ulipoingia'],
  kind_factors: ['Second steps of your sign-in', 'Hatua za pili za kuingia kwako'],
  kind_bookings: ['Bookings, and who shares them', 'Nafasi, na wanaozishiriki'],
  kind_condition: ['Photographs of the car you drove', 'Picha za gari uliloendesha'],
  kind_charges: ['Charges beside a booking', 'Malipo mengine kando ya nafasi'],
  kind_payments: ['Payments and the phones that paid', 'Malipo na simu zilizolipa'],
  kind_refunds: ['Money that went back', 'Pesa zilizorudishwa'],
  kind_documents: ['Invoices and receipts', 'Ankara na risiti'],
  kind_reports: ['What M-Pesa and the bank told us', 'Tulichoambiwa na M-Pesa na benki'],
  kind_messages: ['Which messages we sent', 'Ujumbe tuliotuma'],
  kind_marketing: ['Whether you allow offers and news', 'Kama unaruhusu ofa na habari'],
  kind_audit: ['Who changed what, and from where', 'Nani alibadilisha nini, na kutoka wapi'],
  kind_alarms: ['Attempts to break in', 'Majaribio ya kuvunja'],
  kind_copies: ['A copy of all this, when you ask for one', 'Nakala ya haya yote, ukiiomba'],
  kind_rights: ['Your wishes about your data', 'Maombi yako kuhusu taarifa zako'],
} as const satisfies Record<string, Text>
