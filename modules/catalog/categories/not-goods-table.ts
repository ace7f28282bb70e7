/** Entries of price lists that are not goods; `rules.ts` explains the format of a line. */
export const notGoodsTable = `
Not Goods / Coupons and Vouchers | !קופון, !שובר מתנה, !שובר קנייה, !שובר קניה, !גיפט קארד, !תו קנייה, !תו קניה
Not Goods / Deposits | ^פיקדון, ^פקדון, !זיכוי פיקדון, !זיכוי פקדון, !מיחזור אריזה, ^החזר בבקבוק
Not Goods / Carrier Bags | !שקית גופיה, !שקית גופייה, !שקיות גופיה, !שקיות גופייה, !שקיות ידני, !שקית אל בד, ^שקית ענק, ^שקית נשיאה
Not Goods / Delivery and Services | !דמי משלוח, !דמי טיפול, !דמי ליקוט, !קוד משלוח, !משלוח רגיל, ^משלוח, ^משלוחים, !זיכוי חיוב
Not Goods / Donations | ^תרומה
Not Goods / General Items | ^פריט כללי, ^כללי שקיל, ^ירקות כללי
`
