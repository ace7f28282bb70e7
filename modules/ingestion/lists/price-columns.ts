import type { ColumnRules } from '../files/file-columns.ts'

export type PriceRole =
  | 'code'
  | 'price'
  | 'name'
  | 'description'
  | 'manufacturer'
  | 'country'
  | 'unitName'
  | 'quantity'
  | 'unitBasis'
  | 'weighted'
  | 'unitPrice'

/** The columns of a price file. Row status, update times and derived columns are ignored. */
export const priceColumns: ColumnRules<PriceRole> = {
  family: 'price',
  aliases: {
    code: ['itemcode'],
    price: ['itemprice'],
    name: ['itemname', 'itemnm'],
    description: ['manufactureritemdescription', 'manufactureitemdescription'],
    manufacturer: ['manufacturername', 'manufacturename'],
    country: ['manufacturecountry', 'manufacturercountry'],
    unitName: ['unitqty'],
    quantity: ['quantity'],
    unitBasis: ['unitofmeasure', 'unitmeasure'],
    weighted: ['bisweighted', 'blsweighted', 'isweighted'],
    unitPrice: ['unitofmeasureprice'],
  },
  needed: ['code', 'price'],
  passedOver: [
    'itemtype',
    'itemid',
    'qtyinpackage',
    'allowdiscount',
    'itemstatus',
    'priceupdatedate',
    'priceupdatetime',
    'lastsaledatetime',
    'lastsaledate',
    'lastupdatedate',
    'lastupdatetime',
  ],
}
