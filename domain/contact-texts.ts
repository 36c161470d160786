/** What we mail and send when somebody comes in by another phone or e-mail than before. */

export const CONTACT_MAILS = {
  new_email: {
    en: {
      subject: 'Is this your e-mail?',
      lines: [
        'Somebody who has an account with gari wants to use it with this address from now on. If it was you, press here.',
        'The link is good for a day, once. Was it not you? Then do nothing.',
      ],
      button: 'Yes, use this address',
    },
    sw: {
      subject: 'Je, hii ni barua pepe yako?',
      lines: [
        'Mtu mwenye akaunti ya gari anataka kuitumia kwa anwani hii kuanzia sasa. Kama ni wewe, bonyeza hapa.',
        'Kiungo kinatumika kwa siku moja, mara moja. Kama si wewe, usifanye chochote.',
      ],
      button: 'Ndiyo, tumia anwani hii',
    },
  },
  email_changed: {
    en: {
      subject: 'Your account has another e-mail',
      lines: [
        'Your account with gari was given another e-mail just now; this one no longer opens it.',
        'Was it not you? Then take it back within a week: by this link you choose a new password, and everything that came since goes.',
      ],
      button: 'It was not me',
    },
    sw: {
      subject: 'Akaunti yako ina barua pepe nyingine',
      lines: [
        'Akaunti yako ya gari imepewa barua pepe nyingine sasa hivi; hii haiifungui tena.',
        'Si wewe? Basi irudishe ndani ya wiki moja: kwa kiungo hiki unachagua nywila mpya, na yote yaliyoongezwa baadaye yanaondolewa.',
      ],
      button: 'Si mimi',
    },
  },
  email_left: {
    en: {
      subject: 'This e-mail has left an account',
      lines: [
        'An account with gari that had this e-mail, without ever proving it, has another one now.',
        'Was that account yours, and was it not you? Call us.',
      ],
      button: '',
    },
    sw: {
      subject: 'Barua pepe hii imeondolewa kwenye akaunti',
      lines: [
        'Akaunti ya gari iliyokuwa na barua pepe hii, bila kuithibitisha, sasa ina nyingine.',
        'Je, akaunti hiyo ilikuwa yako, na si wewe uliyebadilisha? Tupigie simu.',
      ],
      button: '',
    },
  },
  phone_changed: {
    en: {
      subject: 'A phone opens your account',
      lines: [
        'A phone was proven for your account with gari just now. Whoever has it can come in by a code that we send there.',
        'Was it not you? Then choose a new password within a week by this link; the phone is taken off your account.',
      ],
      button: 'It was not me',
    },
    sw: {
      subject: 'Simu inafungua akaunti yako',
      lines: [
        'Simu imethibitishwa kwa akaunti yako ya gari sasa hivi. Mwenye simu hiyo anaweza kuingia kwa msimbo tunaoutuma huko.',
        'Si wewe? Basi chagua nywila mpya ndani ya wiki moja kwa kiungo hiki; simu hiyo itaondolewa kwenye akaunti yako.',
      ],
      button: 'Si mimi',
    },
  },
}

const CONTACT_SMS = {
  phone: {
    en: 'gari: your account opens by another phone now, and no more by this one. Was it not you? Call us at once.',
    sw: 'gari: akaunti yako sasa inafunguliwa kwa simu nyingine, si hii tena. Si wewe? Tupigie simu mara moja.',
  },
  email: {
    en: 'gari: an e-mail was added to your account. Was it not you? Call us at once.',
    sw: 'gari: barua pepe imeongezwa kwenye akaunti yako. Si wewe? Tupigie simu mara moja.',
  },
}

/** To a phone by which somebody came in, when that or the e-mail is another. */
export const contactSms = (what: 'phone' | 'email', language: 'en' | 'sw'): string =>
  CONTACT_SMS[what][language]
