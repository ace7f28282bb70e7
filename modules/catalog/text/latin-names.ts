/**
 * Brands and words in Latin letters, with the spellings that chains use: `latin hebrew[/hebrew…]`.
 */
const table = `
coca קוקה, cola קולה, coke קולה, zero זירו, diet דיאט, pepsi פפסי, sprite ספרייט, fanta פאנטה/פנטה, schweppes שוופס, fuze פיוז, nestea נסטי, lipton ליפטון,
redbull רדבול, bull בול, red רד, monster מונסטר, xl אקסל, evian אוויאן, perrier פרייר/פרייה, san סן/סאן, pellegrino פלגרינו, tropicana טרופיקנה, prigat פריגת, spring ספרינג,
nescafe נסקפה, taster טסטרס/טייסטרס, elite עלית, jacobs גייקובס/יעקבס, nespresso נספרסו, lavazza לוואצה/לבאצה, starbucks סטארבקס, illy אילי, wissotzky ויסוצקי, landwer לנדוור,
nutella נוטלה, kinder קינדר, bueno בואנו, ferrero פררו, rocher רושה, milka מילקה, lindt לינדט, lindor לינדור, toblerone טובלרון, twix טוויקס, snickers סניקרס, mars מארס, bounty באונטי, kitkat קיטקט,
oreo אוראו, lotus לוטוס, loacker לואקר, haribo הריבו, mentos מנטוס, skittles סקיטלס, tictac טיקטק, orbit אורביט, must מאסט, ritter ריטר, merci מרסי, cadbury קדבורי,
bamba במבה, bissli ביסלי, bisli ביסלי, doritos דוריטוס, cheetos ציטוס, pringles פרינגלס, lays לייס, tapuchips תפוציפס, apropo אפרופו, osem אסם, strauss שטראוס, tnuva תנובה, tara טרה, gad גד, yotvata יטבתה,
cottage קוטג, milky מילקי, danone דנונה, activia אקטיביה, yoplait יופלה, muller מולר, actimel אקטימל, alpro אלפרו, philadelphia פילדלפיה, gouda גאודה, feta פטה, mozzarella מוצרלה, parmesan פרמזן, camembert קממבר, brie ברי,
heinz היינץ, ketchup קטשופ, hellmanns הלמנס, tabasco טבסקו, barilla ברילה, pasta פסטה, knorr קנור, sugat סוגת, telma תלמה, kelloggs קלוגס, cornflakes קורנפלקס, cheerios ציריוס, nesquik נסקוויק, quaker קוואקר, fitness פיטנס, granola גרנולה, nature נייטשר/נייצר, valley ואלי,
tivall טבעול, sanfrost סנפרוסט, magnum מגנום, cornetto קורנטו, starkist סטארקיסט, zoglowek זוגלובק, ahla אחלה, achla אחלה, sabra צבר, yachin יכין,
heineken הייניקן, carlsberg קרלסברג, goldstar גולדסטאר, maccabi מכבי, corona קורונה, tuborg טובורג, stella סטלה, guinness גינס, absolut אבסולוט, smirnoff סמירנוף, bacardi בקרדי, jack גק, daniels דניאלס, johnnie גוני, walker ווקר, campari קמפרי/קמפארי, aperol אפרול, baileys בייליס, jameson גיימסון, vodka וודקה, whisky ויסקי/וויסקי, gin גין, wine יין, beer בירה,
pampers פמפרס, huggies האגיס, materna מטרנה, similac סימילאק, nutrilon נוטרילון, gerber גרבר, avent אוונט, chicco ציקו, mustela מוסטלה, fischer פישר, johnson גונסון, johnsons גונסון,
colgate קולגייט, oral אורל, sensodyne סנסודיין, listerine ליסטרין, elmex אלמקס, meridol מרידול, orbitol אורביטול, gillette גילט, dove דאב, nivea ניוואה, axe אקס, rexona רקסונה, palmolive פלמוליב, head הד, shoulders שולדרס, pantene פנטן, elvive אלביב, garnier גרנייה, loreal לוריאל, maybelline מייבלין, revlon רבלון, neutrogena ניוטרוגינה, vaseline וזלין, hawaii הוואי, crema קרמה, keff כיף, pinuk פינוק, always אולוויז, tampax טמפקס, kotex קוטקס, durex דורקס, veet ויט/וויט,
acamol אקמול, akamol אקמול, advil אדוויל, nurofen נורופן, optalgin אופטלגין, altman אלטמן, solgar סולגאר, centrum צנטרום/סנטרום,
sano סנו, ariel אריאל, persil פרסיל, badin בדין, lenor לנור, fairy פיירי, finish פיניש, vanish וניש, cif סיף, ajax אגקס, glade גלייד, airwick איירוויק, raid רייד, scotch סקוטש, lily לילי, kleenex קלינקס, touch טאץ/טאצ, duracell דורסל, energizer אנרגייזר, varta וארטה,
whiskas ויסקס/ויסקאס, friskies פריסקיז, purina פורינה, bonzo בונזו, dogli דוגלי, marlboro מרלבורו, winston וינסטון, parliament פרלמנט
`

const hebrewOf = new Map(
  table
    .trim()
    .split(/,\s*/)
    .map((entry) => {
      const [latin = '', hebrew = ''] = entry.split(' ')
      return [latin, hebrew.split('/')]
    }),
)

/** The Hebrew spellings of a word in Latin letters, if known. */
export function hebrewNames(latin: string): string[] {
  return hebrewOf.get(latin) ?? []
}

export function latinNames(): string[] {
  return [...hebrewOf.keys()]
}
