import { searchWords } from './words.ts'

/**
 * Everyday products in English and Russian, with the Hebrew words that chains use:
 * `english[/english…] russian[/russian…] hebrew[/hebrew…]`, `-` for a missing language.
 */
const table = `
milk молоко חלב, bread хлеб לחם, egg яйцо/яйца/яиц ביצים/ביצה, butter масло חמאה, cheese сыр/сыры גבינה, yogurt/yoghurt йогурт/йогурты יוגורט, cream сливки שמנת, sour кислый/сметана חמוצה,
cottage творог קוטג, rice рис אורז, pasta паста/макароны פסטה, spaghetti спагетти ספגטי, noodle/noodles лапша אטריות, flour мука קמח, sugar сахар סוכר, salt соль מלח, pepper перец פלפל,
oil масло שמן, olive/olives оливковое/оливки/маслины זית/זיתים, canola рапсовое קנולה, sunflower подсолнечное חמניות, vinegar уксус חומץ, honey мед/мёд דבש, jam варенье/джем ריבה, coffee кофе קפה, tea чай תה,
water вода מים, juice сок/соки מיץ, beer пиво בירה, wine вино יין, vodka водка וודקה, whisky/whiskey виски ויסקי/וויסקי, soda содовая/газировка סודה, cola кола קולה, lemonade лимонад לימונדה,
apple яблоко/яблоки תפוח, banana банан/бананы בננה, orange апельсин/апельсины תפוז, lemon лимон/лимоны לימון, grape/grapes виноград ענבים, pear груша/груши אגס, peach персик/персики אפרסק,
apricot абрикос/абрикосы משמש, plum слива/сливы שזיף, cherry черешня/вишня דובדבן, strawberry клубника תות, watermelon арбуз/арбузы אבטיח, melon дыня/дыни מלון, mango манго מנגו, pineapple ананас אננס,
kiwi киви קיווי, pomegranate гранат/гранаты רימון, avocado авокадо אבוקדו, date/dates финик/финики תמר, fig/figs инжир תאנה, raisin/raisins изюм צימוקים, prune/prunes чернослив שזיפים,
clementine мандарин/мандарины קלמנטינה, grapefruit грейпфрут אשכולית, persimmon хурма אפרסמון, blueberry черника/голубика אוכמניות, raspberry малина פטל, coconut кокос קוקוס,
tomato помидор/помидоры/томаты עגבניה, cucumber огурец/огурцы מלפפון, potato/potatoes картошка/картофель תפוא, onion лук בצל, garlic чеснок שום, carrot морковь/морковка גזר, cabbage капуста כרוב,
lettuce салат/латук חסה, spinach шпинат תרד, broccoli брокколи ברוקולי, cauliflower - כרובית, corn кукуруза תירס, peas горох/горошек אפונה, bean/beans фасоль/бобы שעועית, lentil/lentils чечевица עדשים,
chickpea/chickpeas нут חומוס, mushroom/mushrooms гриб/грибы/шампиньоны פטריות, eggplant баклажан/баклажаны חציל, zucchini кабачок/кабачки קישוא, pumpkin тыква דלעת, beet/beetroot свекла/свёкла סלק,
radish редис/редиска צנון/צנונית, celery сельдерей סלרי, parsley петрушка פטרוזיליה, dill укроп שמיר, mint мята נענע, basil базилик בזיליקום, coriander кинза כוסברה, ginger имбирь גינגר/זנגביל, leek порей כרישה,
sweetpotato батат בטטה, pickle/pickles - חמוצים, sauerkraut - כרוב, chicken курица/куриное/куриный עוף, beef говядина בקר, meat мясо בשר, turkey индейка הודו, lamb баранина/ягненок כבש/טלה, veal телятина עגל, pork свинина חזיר,
sausage/sausages сосиски/колбаса נקניקיות/נקניק, salami салями סלמי, ham ветчина חזיר, bacon бекон בייקון, schnitzel шницель שניצל, hamburger/burger гамбургер המבורגר, steak стейк סטייק, liver печень/печенка כבד,
fish рыба דג/דגים, salmon лосось/семга/сёмга סלמון, tuna тунец טונה, herring селедка/сельдь הרינג/מליח, mackerel скумбрия מקרל, sardine/sardines сардины סרדינים, cod треска בקלה, carp карп קרפיון, shrimp/shrimps креветки שרימפס, caviar икра קוויאר,
tilapia тилапия אמנון, fillet филе פילה, frozen замороженный/замороженные קפוא, fresh свежий/свежее/свежая טרי, smoked копченый/копченая מעושן, minced/ground фарш/молотый טחון, breast грудка/филе חזה, wing/wings крылья/крылышки כנפיים, thigh/thighs бедро/бедра ירכיים,
tofu тофу טופו, hummus хумус חומוס, tahini/tahina тахина/тхина טחינה, halva халва חלבה, falafel фалафель פלאפל, pita пита/питы פיתה, challah хала חלה, bun/buns булочка/булочки לחמניה, roll/rolls булка לחמניות, baguette багет בגט,
toast тост טוסט, croissant круассан קרואסון, cake торт/кекс עוגה, cookie/cookies/biscuit/biscuits печенье עוגיות/ביסקוויט, cracker/crackers крекер/крекеры קרקר, wafer/wafers вафли וופל, chocolate шоколад שוקולד, candy/candies конфета/конфеты/леденцы סוכריות,
gum жвачка מסטיק, icecream мороженое גלידה, popsicle - ארטיק, pudding пудинг פודינג, dessert десерт/десерты קינוח/מעדן, cereal/cereals хлопья דגני, cornflakes кукурузные קורנפלקס, oat/oats/oatmeal овсянка/овсяные שיבולת,
granola гранола/мюсли גרנולה, buckwheat гречка/гречневая כוסמת, quinoa киноа קינואה, couscous кускус קוסקוס, semolina/- манка/манная סולת, bulgur булгур בורגול, barley перловка/ячмень גריסים, millet пшено דוחן,
almond/almonds миндаль שקד, nut/nuts орех/орехи אגוז, walnut/walnuts грецкий/грецкие מלך, cashew кешью קשיו, peanut/peanuts арахис בוטנים, pistachio фисташки פיסטוק, hazelnut фундук לוז, sunflowerseeds семечки גרעינים, seed/seeds семена זרעים/גרעיני,
chips чипсы ציפס, popcorn попкорн פופקורן, pretzel/pretzels - בייגלה, snack/snacks снек/снеки חטיף, ketchup кетчуп קטשופ, mayonnaise/mayo майонез מיונז, mustard горчица חרדל, sauce соус רוטב, soy/soya соевый/соя סויה, paste - רסק,
soup суп מרק, bouillon/stock бульон מרק, spice/spices специи תבלין, paprika паприка פפריקה, cumin кумин/зира כמון, turmeric куркума כורכום, cinnamon корица קינמון, vanilla ваниль/ванильный וניל, yeast дрожжи שמרים, cocoa какао קקאו, starch крахмал קורנפלור/עמילן, gelatin желатин גלטין,
pizza пицца פיצה, dumplings/ravioli пельмени/вареники כיסונים/רביולי, blintzes блины/блинчики בלינצס, kefir кефир קפיר, mozzarella моцарелла מוצרלה, feta фета פטה, parmesan пармезан פרמזן, mascarpone маскарпоне מסקרפונה, margarine маргарин מרגרינה, yellow желтый/жёлтый צהובה/צהוב, white белый/белая לבן/לבנה, green зеленый/зелёный ירוק, red красный/красное אדום, black черный/чёрный שחור,
baby детский/детское תינוק/בייבי, diaper/diapers/nappies подгузники/памперсы חיתולים/חיתולי, wipes салфетки מגבונים, formula смесь מטרנה/סימילאק, shampoo шампунь שמפו, conditioner кондиционер מרכך, soap мыло סבון, toothpaste - משחת, tooth/teeth зубная/зубной שיניים, brush/toothbrush щетка/щётка מברשת, deodorant дезодорант דאודורנט,
hand/hands рук/руки ידיים, face лица/лицо פנים, hair волос/волосы שיער, body тела/тело גוף, shower душ/душа רחצה, lotion лосьон תחליב/קרם, razor/razors бритва/станок גילוח, shaving бритья גילוח, tampon/tampons тампоны טמפונים, pads прокладки תחבושות, cotton вата/хлопок צמר, perfume духи בושם, sunscreen - הגנה,
toilet туалетная/туалетный טואלט, paper бумага/бумажные נייר, towel/towels полотенце/полотенца מגבות/מגבת, tissue/tissues платки/салфетки טישו/ממחטות, napkin/napkins салфетки מפיות, detergent порошок אבקת/גל, laundry стирки/стиральный כביסה, softener - מרכך, bleach отбеливатель/хлорка אקונומיקה,
dish/dishes посуды כלים, dishwasher посудомойки/посудомоечной מדיח, tablet/tablets таблетки טבליות, sponge/sponges губка/губки ספוג/ספוגית, garbage/trash мусора/мусорные אשפה, bag/bags пакет/пакеты/мешки שקיות, foil фольга אלומיניום, wrap/film пленка ניילון, baking выпечки אפייה/אפיה, floor пола רצפה, cleaner средство מנקה, window/windows стекол/окон חלונות,
battery/batteries батарейки/батарея סוללות/סוללה, candle/candles свеча/свечи נרות/נר, lightbulb/bulb лампочка/лампа נורה, match/matches спички גפרורים, cigarette/cigarettes сигареты סיגריות, cup/cups стакан/стаканчики כוסות/כוס, plate/plates тарелка/тарелки צלחות/צלחת, fork/forks вилка/вилки מזלגות/מזלג, spoon/spoons ложка/ложки כפות/כף, knife/knives нож/ножи סכין/סכינים,
cat/cats кошки/кошка/кошек חתול/חתולים, dog/dogs собаки/собака/собак כלב/כלבים, food корм/еда מזון/אוכל, litter наполнитель חול, gluten глютен/глютена גלוטן, lactose лактоза/лактозы לקטוז, free/without без ללא, organic органический אורגני, vegan веган/веганский טבעוני, light лайт/легкий לייט, whole цельный/цельнозерновой מלא, low - דל,
dark темный/горький מריר, instant растворимый נמס, mineral минеральная מינרלים, sparkling газированная מוגזים, energy энергетик אנרגיה, drink/beverage напиток משקה, syrup сироп סירופ, concentrate концентрат תרכיז, sweet сладкий/сладкая מתוק/מתוקה, spicy/hot острый/острая חריף, salted соленый/соленые מלוח/מלוחה, dried сушеный/сушеные מיובש, canned консервы שימורי,
plum сливовый שזיפים, rye ржаной שיפון, spelt спельта כוסמין, wheat пшеница/пшеничный חיטה, sesame кунжут/сезам שומשום, poppy мак פרג, almondmilk - שקדים, oatmilk - שיבולת, kosher кошерный כשר, matza/matzah маца מצה/מצות, gefilte - גפילטע, jachnun - גחנון, burekas бурекас בורקס, labneh лабане לבנה, zaatar - זעתר, harissa - חריסה, schug - סחוג
`

const hebrewOf = new Map<string, string[]>()
for (const entry of table.trim().split(/,\s+/)) {
  const [english = '', russian = '', hebrew = ''] = entry.split(/\s+/)
  for (const word of [...english.split('/'), ...russian.split('/')]) {
    const [key] = searchWords(word)
    if (key !== undefined)
      hebrewOf.set(key, [...new Set([...(hebrewOf.get(key) ?? []), ...hebrew.split('/')])])
  }
}

/** Pairs of English words that name one product. */
const PHRASES: readonly (readonly [first: string, second: string, word: string])[] = [
  ['ice', 'cream', 'icecream'],
  ['sweet', 'potato', 'sweetpotato'],
  ['sunflower', 'seeds', 'sunflowerseeds'],
  ['light', 'bulb', 'lightbulb'],
]

/** Joins the words of a phrase: `ice cream` is one word in the table. */
export function joinPhrases(words: readonly string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < words.length; at++) {
    const phrase = PHRASES.find(([first, second]) => {
      return (
        words[at] === first &&
        words[at + 1]?.replace(/(?<=o)es$|s$/, '') === second.replace(/s$/, '')
      )
    })
    joined.push(phrase === undefined ? (words[at] ?? '') : phrase[2])
    if (phrase !== undefined) at++
  }
  return joined
}

/** The Hebrew words for an English or Russian word; empty if the table does not have it. */
export function translate(typed: string): string[] {
  for (const form of [typed, ...singulars(typed)]) {
    const hebrew = hebrewOf.get(form)
    if (hebrew !== undefined) return hebrew
  }
  return []
}

/** Possible singulars of an English plural. */
function singulars(word: string): string[] {
  if (!/^[a-z]{3,}s$/.test(word)) return []
  return [word.slice(0, -1), word.replace(/es$/, ''), word.replace(/ies$/, 'y')]
}
