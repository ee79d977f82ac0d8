//! Companies, people and things to sell that nobody has to recognise.

use fastrand::Rng;

const FIRST_PARTS: &[&str] = &[
    "Alder", "Amber", "Birch", "Bram", "Calder", "Cobble", "Corvin", "Dorn", "Eskdale", "Fallow",
    "Fenwick", "Garnet", "Gorse", "Halden", "Harrow", "Inver", "Juniper", "Kestrel", "Larch",
    "Lindal", "Marl", "Moss", "Nettle", "Ormond", "Osier", "Pell", "Quarry", "Rook", "Rowan",
    "Sable", "Sedge", "Severn", "Tarn", "Teasel", "Umber", "Vale", "Wend", "Whin", "Yarrow",
    "Zell",
];

const SECOND_PARTS: &[&str] = &[
    "bank", "beck", "bridge", "brook", "dale", "field", "ford", "gate", "holm", "hurst", "lea",
    "mark", "mere", "moor", "port", "ridge", "stead", "stone", "water", "wick",
];

const TRADES: &[&str] = &[
    "Foods", "Freight", "Mills", "Paper", "Pumps", "Clinics", "Coatings", "Tools", "Dairy",
    "Glass", "Textiles", "Housing", "Castings", "Optics", "Rail", "Timber", "Bakeries", "Seeds",
    "Boats", "Energy",
];

const FORMS: &[&str] = &[
    "", "", "", " Ltd", " GmbH", " SA", " Group", " & Sons", " BV", " Inc",
];

/// Names that files, terminals and readers of names stumble over.
const ODD: &[&str] = &[
    "株式会社あおぞら製粉",
    "مطاحن الوادي",
    "Zoë & Søn Møbler",
    "Pfläumle 🚀 Logistik",
    "Tarn, Whin & Partners",
    "The \"Quick\" Foundry",
    "=Equals Analytics",
    "-Minus Cooling",
    "Łódka Żagle",
    "O'Fallow Brothers",
    "대한나루상사",
    "Véloparc 🚲",
];

const GIVEN: &[&str] = &[
    "Ada", "Amir", "Anouk", "Bela", "Bruno", "Carla", "Chen", "Dana", "Derya", "Edda", "Emil",
    "Farah", "Finn", "Greta", "Hana", "Henk", "Ines", "Ivo", "Jana", "Jonas", "Kim", "Kofi",
    "Lena", "Luca", "Maja", "Mira", "Nils", "Noor", "Olga", "Omar", "Pia", "Priya", "Rafa",
    "Ronja", "Sami", "Sven", "Tara", "Tomas", "Uma", "Viktor", "Wanda", "Xenia", "Yuki", "Zora",
];

const FAMILY: &[&str] = &[
    "Abel", "Arroyo", "Baines", "Barta", "Castell", "Ceder", "Dahl", "Duarte", "Eklund", "Ferro",
    "Fuchs", "Gallo", "Grund", "Haddad", "Holt", "Ilves", "Janda", "Kaya", "Klein", "Kumar",
    "Lindt", "Lopes", "Marek", "Mensah", "Nagy", "Novak", "Okafor", "Olsen", "Pavic", "Quist",
    "Ramos", "Rossi", "Sato", "Silva", "Tamm", "Tanaka", "Urban", "Varga", "Vogel", "Weiss",
    "Yilmaz", "Zeman",
];

const PRODUCTS: &[&str] = &[
    "Planner",
    "Scheduler",
    "Line monitor",
    "Yard desk",
    "Quality log",
    "Tracing",
    "Cold chain",
    "Fleet desk",
    "Stock count",
    "Maintenance",
];

const SCOPES: &[&str] = &[
    "pilot",
    "rollout",
    "renewal",
    "second site",
    "all plants",
    "north region",
    "expansion",
    "replacement",
    "night shift",
    "2,000 seats",
];

/// Our own people, the first of whom sits at the keyboard.
pub(super) const OWNERS: &[&str] = &[
    "Ana Ruiz",
    "Ben Okoro",
    "Chloe Martin",
    "Dev Patel",
    "Eva Lindqvist",
    "Femi Ade",
];

/// Who of our own people is senior, by place.
pub(super) const SENIORS: &[usize] = &[2, 5];

/// Next steps as they stand in a CRM.
pub(super) const NEXT_STEPS: &[&str] = &[
    "Call to fix the date of the visit",
    "Send the list of references",
    "Agree on who tests what",
    "Walk through the draft of the contract",
    "Meet the head of operations",
    "Get the numbers of last year",
];

/// Returns the name of a company.
pub(super) fn company(rng: &mut Rng, place: usize) -> String {
    if place % 41 == 17 {
        return ODD[(place / 41) % ODD.len()].to_owned();
    }
    let pick = |list: &[&'static str], rng: &mut Rng| list[rng.usize(..list.len())];
    let first = pick(FIRST_PARTS, rng);
    let second = pick(SECOND_PARTS, rng);
    let trade = pick(TRADES, rng);
    let form = pick(FORMS, rng);
    format!("{first}{second} {trade}{form}")
}

/// Returns the given and the family name of a person.
pub(super) fn person(rng: &mut Rng) -> (String, String) {
    (
        GIVEN[rng.usize(..GIVEN.len())].to_owned(),
        FAMILY[rng.usize(..FAMILY.len())].to_owned(),
    )
}

/// Returns what is sold, and the name of the deal.
pub(super) fn deal(rng: &mut Rng) -> (&'static str, String) {
    let product = PRODUCTS[rng.usize(..PRODUCTS.len())];
    let scope = SCOPES[rng.usize(..SCOPES.len())];
    (product, format!("{product} {scope}"))
}
