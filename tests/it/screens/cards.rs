//! The sweep and its end, the card of signs, fresh eyes, what is dead on paper, the map.

use walkaway::app::map::MapPage;
use walkaway::app::model::{Model, Page};
use walkaway::app::paper::Paper;
use walkaway::app::signs::SignsCard;
use walkaway::app::sweep::{End, PAGE, Sweep};
use walkaway::domain::answer::Value;
use walkaway::domain::deal::{SignRow, SweepDeal, SweepPile, SweepWord};
use walkaway::domain::ids::DealId;
use walkaway::domain::map::{MapRow, PipelineMap};
use walkaway::domain::signs::Sign;

use super::{look, sample};

/// How many of these pages there are.
pub const PAGES: usize = 6;

/// One of them; a text stands in place of every name where one is given.
pub fn page(width: u16, height: u16, which: usize, text: Option<&str>) -> Model {
    let mut model = sample::cockpit(width, height);
    let (rows, _) = sample::sitting();
    let account = |at: usize| {
        let own = rows[at % rows.len()].account.clone();
        text.map_or(own, |text| Some(text.into()))
    };
    let title = |at: usize| text.map_or_else(|| rows[at % rows.len()].title.clone(), Into::into);
    let page = match which {
        0 => {
            let deals = (0..PAGE).map(|at| SweepDeal {
                id: DealId(at as i64 + 1),
                account: account(at),
                title: title(at),
                word: None,
            });
            let mut sweep = Sweep {
                deals: Some(deals.collect()),
                total: 103,
                ..Sweep::default()
            };
            for letter in ['e', 'm', 'D', 'v'] {
                sweep.say(letter);
            }
            Page::Sweep(sweep)
        }
        1 => {
            let pile = |word, deals, spent, per_week| SweepPile {
                word,
                deals,
                spent,
                per_week,
            };
            let piles = vec![
                pile(Some(SweepWord::Glad), 80, 310.0, 22.5),
                pile(Some(SweepWord::Dread), 14, 96.25, 8.0),
                pile(Some(SweepWord::Unknown), 9, 4.0, 0.9),
            ];
            Page::Sweep(Sweep {
                total: 103,
                end: Some(End {
                    piles: Some(piles),
                    loading: false,
                }),
                ..Sweep::default()
            })
        }
        2 => {
            let detail = model.detail.loaded.as_mut().unwrap();
            detail.seen.signs = vec![SignRow {
                sign: Sign::NeverAnswer,
                at: "2026-11-20T09:00:00Z".to_owned(),
                who: None,
            }];
            let mut card = SignsCard::of(DealId(2));
            card.pending.push((Sign::Block, true));
            Page::Signs(card)
        }
        3 => Page::Fresh(DealId(2)),
        4 => {
            let mut rows: Vec<_> = rows.iter().take(6).cloned().collect();
            for (at, row) in rows.iter_mut().enumerate() {
                row.account = account(at);
                row.title = title(at);
            }
            let total = rows.len() + 3;
            let mut paper = Paper::default();
            paper.take(rows, total);
            paper.toggle();
            Page::Paper(paper)
        }
        _ => {
            let row = |at: usize, problem, solution| MapRow {
                id: DealId(at as i64 + 1),
                account: account(at),
                title: title(at),
                problem,
                solution,
                per_week: 1.5,
            };
            let yes = Some(Value::Yes);
            Page::Map(MapPage {
                map: Some(PipelineMap {
                    rows: vec![
                        row(0, yes, yes),
                        row(1, yes, yes),
                        row(2, yes, Some(Value::No)),
                        row(3, None, Some(Value::No)),
                    ],
                    unasked: 99,
                }),
                ..MapPage::default()
            })
        }
    };
    model.pages.push(page);
    model
}

#[test]
fn pages_of_many_deals_and_cards_of_one() {
    let names = ["sweep", "swept", "signs", "fresh", "paper", "map"];
    for (which, name) in names.into_iter().enumerate() {
        for (width, height) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
            let shown = look(&page(width, height, which, None));
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), shown);
        }
    }
}
