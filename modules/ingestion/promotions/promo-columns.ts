import type { ColumnRules } from '../files/file-columns.ts'

/** The columns of a promotion row other than its items, by meaning; the same for every dialect. */
export const TERM_ROLES = {
  id: ['promotionid'],
  description: ['promotiondescription', 'promotiondetails'],
  startDate: ['promotionstartdate', 'promotionstartdatetime'],
  startHour: ['promotionstarthour'],
  endDate: ['promotionenddate', 'promotionenddatetime'],
  endHour: ['promotionendhour'],
  days: ['promotiondays'],
  rewardType: ['rewardtype'],
  discountType: ['discounttype'],
  rate: ['discountrate'],
  price: ['discountedprice'],
  minQuantity: ['minqty'],
  maxQuantity: ['maxqty'],
  redemptionLimit: ['redemptionlimit'],
  minPurchase: ['minpurchaseamnt', 'minpurchaseamount'],
  minBasket: ['additionalminbasketamount', 'additionalsminbasketamount', 'minamount'],
  weighted: ['isweightedpromo', 'bisweighted'],
  combines: ['allowmultiplediscounts'],
  restrictions: ['additionalrestrictions'],
  coupon: ['additionaliscoupon', 'additionalscoupon'],
  giftCount: ['additionalgiftcount', 'additionalsgiftcount'],
  total: ['additionalistotal', 'additionalstotals'],
  active: ['additionalisactive'],
  clubs: ['clubs'],
  clubId: ['clubid'],
  remark: ['remark', 'remarks'],
  groups: ['groups'],
} as const
export type TermRole = keyof typeof TERM_ROLES

/**
 * The item columns: all items in one cell (dialect A), or one item and its gifts per row (dialect
 * C).
 */
export const ITEM_ROLES = {
  items: ['promotionitems'],
  itemCode: ['itemcode'],
  isGift: ['isgiftitem'],
  gifts: ['giftsitems'],
} as const
export type ItemRole = keyof typeof ITEM_ROLES

/**
 * The columns of a promotion file, in all three dialects (dataset.md). Update times, derived
 * columns and constant columns are ignored, because they are not part of the terms.
 */
export const promoColumns: ColumnRules<TermRole | ItemRole> = {
  family: 'promotion',
  aliases: { ...TERM_ROLES, ...ITEM_ROLES },
  needed: ['id'],
  passedOver: [
    'promotionupdatedate',
    'promotionupdatetime',
    'priceupdatedate',
    'priceupdatetime',
    'lastupdatedate',
    'lastupdatetime',
    'itemtype',
    'weightunit',
    'discountedpricepermida',
    'minnoofitemofered',
    'minnoofitemoffered',
    'minnoofitemsoffered',
  ],
}
