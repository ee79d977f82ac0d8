use super::*;
use crate::domain::insights::{Bar, InsightId, Series};

fn drawn() -> Vec<Insight> {
    let bar = |value| Bar {
        value,
        deals: vec![1],
    };
    vec![
        Insight {
            id: InsightId::DaysToNo,
            sentence: "A no took 34 days <b>, a yes 92.".to_owned(),
            plot: Some(Plot {
                across: "days",
                up: "deals",
                places: vec!["0-7".into(), "8-30".into()],
                series: vec![
                    Series {
                        name: "no",
                        bars: vec![bar(3.0), bar(1.25)],
                    },
                    Series {
                        name: "yes",
                        bars: vec![bar(0.0), bar(2.0)],
                    },
                ],
            }),
        },
        Insight {
            id: InsightId::Promises,
            sentence: "8 promises are needed before this tells anything; 2 so far.".to_owned(),
            plot: None,
        },
    ]
}

fn about<'a>(period: &'a Period, locale: &'a Locale) -> About<'a> {
    About {
        today: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        record: NaiveDate::from_ymd_opt(2026, 11, 22),
        period,
        locale,
    }
}

#[test]
fn markdown_has_the_sentence_and_the_figures_behind_it() {
    let period = Period {
        since: NaiveDate::from_ymd_opt(2026, 8, 1),
        owner: Some("Ana | Ruiz".to_owned()),
        ..Period::default()
    };

    insta::assert_snapshot!(markdown(&drawn(), &about(&period, &Locale::default())), @r"
    # Insights, 2026-11-23

    since 2026-08-01, deals of Ana \| Ruiz, record of 2026-11-22

    ## Days to no, days to yes

    A no took 34 days \<b\>, a yes 92.

    | days | no, deals | yes, deals |
    | --- | --- | --- |
    | 0-7 | 3 | 0 |
    | 8-30 | 1.2 | 2 |

    ## Promises

    8 promises are needed before this tells anything; 2 so far.
    ");
}

#[test]
fn a_page_needs_nothing_beside_itself_and_runs_nothing() {
    let period = Period {
        owner: Some("<script>alert(1)</script>".to_owned()),
        ..Period::default()
    };

    let page = html(&drawn(), &about(&period, &Locale::default())).unwrap();

    assert!(page.contains("34 days &lt;b&gt;"), "{page}");
    assert!(!page.contains("<script"), "{page}");
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!elsewhere.contains("http"), "{page}");
    assert_eq!(page.matches("<svg").count(), 1);
}

#[test]
fn a_plot_has_its_axes_with_their_units_and_a_bar_for_each_value() {
    let insight = drawn().remove(0);

    let svg = plot::svg(&insight.plot.unwrap(), &Locale::default()).unwrap();

    for text in ["days", "deals", "0-7", "8-30", "no", "yes"] {
        assert!(svg.contains(&format!("\n{text}\n")), "{text} in {svg}");
    }
    let bars = svg.matches("#0072B2").count() + svg.matches("#E69F00").count();
    assert_eq!(bars, 4 + 2, "four bars and two in the legend");
}

#[test]
fn large_numbers_are_written_as_in_the_place_of_the_reader() {
    let mut all = drawn();
    all[0].sentence = "A no took 34 days: medians of 100070 deals fired.".to_owned();
    let plot = all[0].plot.as_mut().unwrap();
    plot.series[0].bars[0].value = 33218.5;
    let (period, german) = (Period::default(), Locale::named("de_DE"));

    let page = html(&all, &about(&period, &german)).unwrap();
    let text = markdown(&all, &about(&period, &german));

    for out in [&page, &text] {
        assert!(out.contains("of 100.070 deals fired."), "{out}");
        assert!(out.contains("33.218,5"), "{out}");
    }
    assert!(page.contains("\n30.000\n"), "the axis: {page}");
}
