import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { classify, OTHER } from './classify.ts'
import { rules } from './rules.ts'

const categoryOfName = (name: string, more: Partial<Parameters<typeof classify>[0]> = {}) => {
  const { category, subcategory } = classify({
    name,
    names: [name],
    unitOfMeasure: null,
    isWeighted: false,
    ...more,
  })
  return `${category} / ${subcategory}`
}

test.each([
  ['חלב טרי 3% רפת הגבעה 1 ליטר', 'Dairy / Milk'],
  ['שוקולד חלב אגוזים 100 גרם', 'Sweets / Chocolate'],
  ['יוגורט תות 3% טל הבוקר', 'Dairy / Yogurt'],
  ["גבינת קוטג' 5% 250 גר", 'Dairy / Soft Cheese'],
  ['גבינה צהובה 28% פרוסה', 'Dairy / Cheese'],
  ['משקה סויה וניל 1 ל', 'Dairy / Plant-Based'],
  ['ביצים L לול הכפר 12 יח', 'Eggs / Eggs'],
  ['נקניקיות עוף ילדים 400 ג', 'Meat / Sausages and Cold Cuts'],
  ['עגבניות', 'Fruit and Vegetables / Vegetables'],
  ['רסק עגבניות 22% 260 גרם', 'Sauces and Spreads / Sauces'],
  ['עגבניות מרוסקות 400 גרם', 'Canned Goods / Vegetables'],
  ['מלפפונים בחומץ 7-9', 'Canned Goods / Pickles and Olives'],
  ['תפוחי אדמה ארוז 2 ק"ג', 'Fruit and Vegetables / Vegetables'],
  ['לחם אחיד פרוס לחם נחום', 'Bakery / Bread'],
  ['עוגיות טחינה 200 גרם', 'Sweets / Cookies and Wafers'],
  ['פירורי לחם מזווה', 'Baking / Flour'],
  ['גלידת עוגיות 1.4 ליטר', 'Frozen / Ice Cream'],
  ['פלפל שחור טחון 80 ג', 'Spices / Spices'],
  ['חמאת בוטנים חלקה', 'Sauces and Spreads / Tahini and Nut Butters'],
  ['חמאה טבעית 200 גרם', 'Dairy / Butter and Cream'],
  ['במבה נוגט 80 ג', 'Snacks / Salty Snacks'],
  ['מים בטעם אפרסק 1.5 ליטר', 'Drinks / Water'],
  ['קפה נמס מטבח הבית 200 גרם', 'Coffee and Tea / Coffee'],
  ['יין אדום יבש 750 מ"ל', 'Alcohol / Wine'],
  ['חיתולי פעוטון מידה 4', 'Baby / Diapers'],
  ['מחית אגס 100 גרם', 'Baby / Formula and Food'],
  ['נוזל כלים לימון 750 מ"ל', 'Cleaning / Dishwashing'],
  ['מרכך כביסה לבנדר 2 ליטר', 'Cleaning / Laundry'],
  ['נייר טואלט תלת שכבתי 32 גלילים', 'Paper and Disposables / Toilet Paper'],
  ['שמפו לשיער יבש קוקוס', 'Personal Care / Hair Care'],
  ['משחת שיניים מנטה 100 מ"ל', 'Personal Care / Oral Care'],
  ['מזון לחתולים סלמון 400 גרם', 'Pets / Cats and Other Pets'],
  ['קופון מועדון שמן זית', 'Not Goods / Coupons and Vouchers'],
  ['ה.נ קופון אוכל מוכן', 'Not Goods / Coupons and Vouchers'],
  ['פיקדון בודד 0.3 ₪', 'Not Goods / Deposits'],
  ['בירה טובורג בקבוק 330 מ"ל פקדון', 'Alcohol / Beer'],
  ['שקית גופיה', 'Not Goods / Carrier Bags'],
  ['שקיות גופיה למזון', 'Paper and Disposables / Bags and Wraps'],
  ['דמי משלוח - אתר', 'Not Goods / Delivery and Services'],
  ['תרומה 5 שח', 'Not Goods / Donations'],
  ['פריט כללי', 'Not Goods / General Items'],
  ['שיפודים 30 ס"מ 50 יח', 'Paper and Disposables / Disposable Tableware'],
  ['שיפודי פרגית', 'Meat / Poultry'],
  ['דבר שאין לו שם', 'Other / null'],
])('%s is in category %s', (name, category) => expect(categoryOfName(name)).toBe(category))

test('the unit or sale by weight helps to decide the category', () => {
  expect(categoryOfName('תפוזים', { isWeighted: true })).toBe('Fruit and Vegetables / Fruit')
  expect(categoryOfName('תפוזים סחוטים', { unitOfMeasure: 'liter' })).toBe('Drinks / Juice')
  expect(categoryOfName('חצילים', { isWeighted: true })).toBe('Fruit and Vegetables / Vegetables')
  expect(categoryOfName('חצילים', { unitOfMeasure: 'gram' })).toBe('Deli / Hummus and Salads')
})

test('words after "with the taste of" do not decide the category', () => {
  expect(categoryOfName('זוהרון בטעם שוקולד')).toBe('Sweets / Chocolate')
  expect(categoryOfName('זוהרון בטעם שוקולד דגני בוקר')).toBe('Breakfast / Cereal')
})

test('every name has a vote, and the chosen name counts slightly more', () => {
  const both = ['קרם יום', 'שמפו']
  expect(categoryOfName('קרם יום', { names: both })).toBe('Personal Care / Hair Care')
  const names = ['קוסמי לימון', 'סבון ידיים לימון', 'לימון']
  expect(categoryOfName('לימון', { names })).toBe('Fruit and Vegetables / Fruit')
  expect(categoryOfName('גבינה', { names: ['גבינה', 'מרק'] })).toBe('Dairy / Cheese')
})

test('the deciding term is returned, and no term for Other', () => {
  const one = {
    name: 'רסק עגבניות',
    names: ['רסק עגבניות'],
    unitOfMeasure: null,
    isWeighted: false,
  }
  expect(classify(one).category_rule).toBe('רסק עגבניות')
  expect(classify({ ...one, name: null, names: [] })).toEqual(OTHER)
})

test('no two rules have the same conditions', () => {
  const asks = rules.map(({ form, leads, phrase, beside }) =>
    JSON.stringify([form, leads, phrase, beside]),
  )
  expect(asks.filter((one, i) => asks.indexOf(one) !== i)).toEqual([])
})

test('docs/categories.md lists all categories and subcategories', () => {
  const doc = readFileSync(
    fileURLToPath(new URL('../../../docs/categories.md', import.meta.url).href),
    'utf8',
  )
  for (const [category, ofIt] of Map.groupBy(rules, (rule) => rule.category)) {
    const subcategories = [...new Set(ofIt.map(({ subcategory }) => subcategory))]
    expect(doc).toContain(`| ${category} | ${subcategories.join(' · ')} |`)
  }
})
