/**
 * Sentences that the rules write in English, keyed by that English; a test lists them all and fails for one that
 * is missing. Those with names, sums or times in them stand in `sentence-patterns.ts`.
 */
export const sentences: Record<string, string> = {
  // Searching.
  'Choose a place.': 'Chagua mahali.',
  'This is not a code of ours.': 'Hatuna msimbo huu.',
  'Say when you pick the car up.': 'Sema utachukua gari lini.',
  'Say when you bring it back.': 'Sema utalirudisha lini.',
  'Say when you pick the car up as a date and time.': 'Sema siku na saa ya kuchukua gari.',
  'Say when you bring it back as a date and time.': 'Sema siku na saa ya kurudisha gari.',
  'The pick-up time is in the past.': 'Saa ya kuchukua gari imepita.',
  'We need at least 30 minutes to get the car ready.': 'Tunahitaji angalau dakika 30 kuandaa gari.',
  'You can book up to one year ahead.': 'Unaweza kuweka nafasi hadi mwaka mmoja mbele.',
  'The return time must be after the pick-up time.':
    'Saa ya kurudisha lazima iwe baada ya saa ya kuchukua.',
  'The shortest rental is 2 hours.': 'Muda mfupi zaidi wa kukodi ni saa 2.',
  'The longest rental is 90 days.': 'Muda mrefu zaidi wa kukodi ni siku 90.',
  'Call us for more.': 'Tupigie kwa zaidi.',
  'We have no such place.': 'Hatuna mahali hapo.',
  'Choose one from the list.': 'Chagua kwenye orodha.',
  'We have no such category of cars.': 'Hatuna aina hiyo ya magari.',
  'We have no such car.': 'Hatuna gari hilo.',
  'This is not a car of ours.': 'Gari hili si letu.',
  'Choose a category or a car, not both.': 'Chagua aina au gari, si vyote viwili.',
  'That car is taken for this time.': 'Gari hilo limechukuliwa kwa saa hizi.',
  'This request was refused before.': 'Ombi hili lilikataliwa awali.',
  'Search again to see what is free now.': 'Tafuta tena uone yaliyopo sasa.',
  'Below is what is free instead.': 'Hapa chini ni yaliyopo badala yake.',
  'Nothing else is free for this time; try another one.':
    'Hakuna lingine kwa saa hizi; jaribu saa nyingine.',
  // Names, phones, amounts.
  'Say a name.': 'Andika jina.',
  'A name cannot have the signs < and >, nor line breaks.':
    'Jina haliwezi kuwa na alama < na >, wala mistari mipya.',
  'Give a mobile number.': 'Andika nambari ya simu ya mkononi.',
  'Give a Kenyan mobile number, like 0712 345 678.':
    'Andika nambari ya simu ya Kenya, kama 0712 345 678.',
  'Name at least one person who pays.': 'Taja angalau mtu mmoja atakayelipa.',
  'Say an amount.': 'Andika kiasi.',
  'Write the amount like 4500 or 4500.00.': 'Andika kiasi kama 4500 au 4500.00.',
  'Write the amount in whole shillings, like 4,500.':
    'Andika kiasi kwa shilingi kamili, kama 4,500.',
  'Please write less.': 'Tafadhali andika kwa ufupi.',
  'Load the page again.': 'Fungua ukurasa upya.',
  'Load the page again and retry.': 'Fungua ukurasa upya ujaribu tena.',
  'This is not a company of ours.': 'Hatuna kampuni hiyo.',
  'This is more than is left to pay.': 'Hiki ni zaidi ya salio.',
  'Choose a way to pay.': 'Chagua njia ya kulipa.',
  'This is less cash than the amount to pay.': 'Pesa taslimu hizi ni pungufu ya kiasi cha kulipa.',
  // Signing in.
  'Say your e-mail.': 'Andika barua pepe yako.',
  'This e-mail is too long.': 'Barua pepe hii ni ndefu mno.',
  'This is not an e-mail address.': 'Hii si anwani ya barua pepe.',
  'Choose a password.': 'Chagua nywila.',
  'Too many people use this password.': 'Watu wengi mno hutumia nywila hii.',
  'Choose another.': 'Chagua nyingine.',
  'Say your password.': 'Andika nywila yako.',
  'This password is too long.': 'Nywila hii ni ndefu mno.',
  'The code has six digits.': 'Msimbo una tarakimu sita.',
  'The e-mail or the password is not right.': 'Barua pepe au nywila si sahihi.',
  'Too many wrong passwords for this account.':
    'Nywila zisizo sahihi zimejaribiwa mara nyingi mno kwa akaunti hii.',
  'Wait an hour, or use a browser that you signed in with before.':
    'Subiri saa moja, au tumia kivinjari ulichoingia nacho awali.',
  'We have sent this phone many codes.': 'Tumetuma misimbo mingi kwa simu hii.',
  'Wait an hour and try again, or sign in by e-mail.':
    'Subiri saa moja ujaribu tena, au ingia kwa barua pepe.',
  'We cannot send SMS right now.': 'Hatuwezi kutuma SMS kwa sasa.',
  'Try again in a minute, or sign in by e-mail.':
    'Jaribu tena baada ya dakika, au ingia kwa barua pepe.',
  'The code is not right.': 'Msimbo si sahihi.',
  'Look at the SMS again.': 'Angalia SMS tena.',
  'The code is too old, was used, or was asked for in another browser.':
    'Msimbo umepitwa na wakati, umetumika, au uliombwa kwenye kivinjari kingine.',
  'Ask for a new one.': 'Omba mpya.',
  'Too many wrong codes.': 'Misimbo isiyo sahihi ni mingi mno.',
  'This account is closed.': 'Akaunti hii imefungwa.',
  'Call us and we will look at it.': 'Tupigie, tutaiangalia.',
  'There is already an account with this e-mail.': 'Tayari kuna akaunti yenye barua pepe hii.',
  'Sign in instead.': 'Ingia badala yake.',
  'Sign in to go on.': 'Ingia ili uendelee.',
  // Booking and paying.
  'This is not a booking of ours.': 'Hatuna nafasi hii.',
  'This is nobody of this booking.': 'Huyu hayumo kwenye nafasi hii.',
  'Nobody of this booking has that id.': 'Huyu hayumo kwenye nafasi hii.',
  'Nobody pays for this booking.': 'Hakuna anayelipia nafasi hii.',
  'We have no such booking.': 'Hatuna nafasi hiyo.',
  'You may see this booking, but not cancel it.': 'Unaweza kuona nafasi hii, lakini si kuighairi.',
  'You may see this booking, but not pay for it.': 'Unaweza kuona nafasi hii, lakini si kuilipia.',
  'This link does not lead to a booking.': 'Kiungo hiki hakielekezi kwenye nafasi.',
  'You have tried to book very often.': 'Umejaribu kuweka nafasi mara nyingi mno.',
  'Wait an hour and try again, or call us.': 'Subiri saa moja ujaribu tena, au tupigie.',
  'Pay for one or cancel one, then book again.': 'Lipia moja au ghairi moja, kisha weka tena.',
  'You have not been charged.': 'Hujatozwa chochote.',
  'This phone has had several M-Pesa requests in the last hour.':
    'Simu hii imepata maombi kadhaa ya M-Pesa katika saa moja iliyopita.',
  'Wait a while, or pay from another phone.': 'Subiri kidogo, au lipa kwa simu nyingine.',
  'You have asked for many M-Pesa requests in the last hour.':
    'Umeomba maombi mengi ya M-Pesa katika saa moja iliyopita.',
  'Wait a while and try again.': 'Subiri kidogo ujaribu tena.',
  'This booking has had many M-Pesa requests in the last hour.':
    'Nafasi hii imepata maombi mengi ya M-Pesa katika saa moja iliyopita.',
  'Wait a while, or call us.': 'Subiri kidogo, au tupigie.',
  'M-Pesa takes whole shillings from 1 to 250,000 at a time.':
    'M-Pesa hupokea shilingi kamili kuanzia 1 hadi 250,000 kwa mara moja.',
  'This booking is already paid in full.': 'Nafasi hii tayari imelipwa yote.',
  'A request is already open on that phone.': 'Tayari kuna ombi kwenye simu hiyo.',
  'Answer it first.': 'Lijibu kwanza.',
  'Everything that is left is on somebody’s phone right now.':
    'Salio lote liko kwenye simu ya mtu kwa sasa.',
  'Wait for the answer.': 'Subiri jibu.',
  'This booking is no longer open.': 'Nafasi hii haiko wazi tena.',
  'This booking is no longer open, so nothing can be paid for it.':
    'Nafasi hii haiko wazi tena, kwa hiyo haiwezi kulipiwa.',
  'This booking has already ended.': 'Nafasi hii tayari imeisha.',
  'The rental has begun.': 'Safari imeanza.',
  'Please speak to our desk.': 'Tafadhali zungumza na ofisi yetu.',
  // Why a booking ended, and what happened to it.
  'It was not paid in time, so the car is free for others again.':
    'Haikulipwa kwa wakati, kwa hiyo gari liko wazi kwa wengine tena.',
  'Cancelled by the customer.': 'Imeghairiwa na mteja.',
  'Cancelled by our desk.': 'Imeghairiwa na ofisi yetu.',
  'Nobody wanted to pay, so the car is free for others again.':
    'Hakuna aliyetaka kulipa, kwa hiyo gari liko wazi kwa wengine tena.',
  'The payment failed for good.': 'Malipo hayakufaulu kabisa.',
  'Car held': 'Gari limewekwa',
  'Part of the price paid': 'Sehemu ya bei imelipwa',
  'Paid in full, confirmed': 'Imelipwa yote, imethibitishwa',
  Cancelled: 'Imeghairiwa',
  'Ended: not paid in time': 'Imeisha: haikulipwa kwa wakati',
  Completed: 'Imekamilika',
  'Reminder sent': 'Kikumbusho kimetumwa',
  'Booked again: the money came late and the car was free':
    'Imewekwa tena: pesa ilichelewa na gari lilikuwa wazi',
  'M-Pesa request sent': 'Ombi la M-Pesa limetumwa',
  'Payment received': 'Malipo yamepokelewa',
  'Bank transfer arrived': 'Malipo ya benki yamefika',
  'Bank transfer withdrawn': 'Malipo ya benki yameondolewa',
  'Payment not made': 'Malipo hayakufanyika',
  'Payment needs a closer look': 'Malipo yanahitaji kuchunguzwa',
  'Refund started': 'Pesa imeanza kurudishwa',
  'Money sent back': 'Pesa imerudishwa',
  payer: 'mlipaji',
  // Categories of the usual fleet; an owner's own names stay as they wrote them.
  Economy: 'Gari dogo',
  'Small, easy to park, light on fuel.': 'Dogo, rahisi kuegesha, halitumii mafuta mengi.',
  Sedan: 'Saluni',
  'Comfortable for town and highway.': 'La starehe mjini na barabara kuu.',
  'High seats and room for the family.': 'Viti vya juu na nafasi ya familia.',
  '4x4 Safari': '4x4 ya safari',
  'For parks, murram and mud.': 'Kwa mbuga, murram na matope.',
  Van: 'Gari la abiria',
  'Nine people, or a lot of luggage.': 'Watu tisa, au mizigo mingi.',
  Pickup: 'Pikapu',
  'Double cabin and an open bed.': 'Kabini mbili na sehemu wazi ya mizigo.',
}
