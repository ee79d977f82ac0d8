//! Draws a plot: a chart with its axes, in the glyphs in use.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::Line;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

use super::glyphs::Glyphs;
use super::theme::Styles;
use crate::app::screen::doc::{Plot, Role};

/// Draws the rows of a plot from `hidden` on into a rectangle.
pub fn draw(buf: &mut Buffer, styles: &Styles, area: Rect, plot: &Plot, hidden: u16) {
    let area = area.intersection(buf.area);
    let wide = area.width.saturating_sub(plot.indent).saturating_sub(1);
    if area.is_empty() || wide == 0 {
        return;
    }
    let whole = Rect::new(0, 0, wide, plot.height);
    let mut canvas = Buffer::empty(whole);
    chart(&mut canvas, styles, plot);
    for y in 0..area.height {
        for x in 0..wide {
            let from = &canvas[(x, y + hidden)];
            let to = &mut buf[(area.left() + plot.indent + x, area.top() + y)];
            let mut style = from.style();
            if styles.glyphs == Glyphs::Ascii {
                // A block that fills its cell would hide the sign.
                style.bg = None;
            }
            to.set_symbol(symbol(styles.glyphs, from.symbol()))
                .set_style(style);
        }
    }
}

/// The sign in the glyphs in use.
fn symbol(glyphs: Glyphs, symbol: &str) -> &str {
    if glyphs == Glyphs::Unicode || symbol.is_ascii() {
        return symbol;
    }
    match symbol {
        "│" => "|",
        "─" => "-",
        "•" => "*",
        "█" => "#",
        _ => "+",
    }
}

fn chart(canvas: &mut Buffer, styles: &Styles, plot: &Plot) {
    let last = plot.columns.len().saturating_sub(1).max(1) as f64;
    let points = |figures: &[f64]| -> Vec<(f64, f64)> {
        let all = figures.iter().enumerate();
        all.map(|(at, figure)| (at as f64, *figure)).collect()
    };
    let (mut columns, line) = (points(&plot.columns), points(&plot.line));
    columns.retain(|(_, figure)| *figure > 0.0);
    let axis = |labels: &[String; 3], top: f64| {
        let labels: Vec<Line<'_>> = labels
            .iter()
            .map(|label| Line::from(styles.glyphs.text(label).into_owned()))
            .collect();
        Axis::default()
            .bounds([0.0, top])
            .style(styles.of(Role::Text))
            .labels(labels)
    };
    let datasets = vec![
        Dataset::default()
            .marker(Marker::Block)
            .graph_type(GraphType::Bar)
            .style(styles.of(Role::Bar))
            .data(&columns),
        Dataset::default()
            .marker(Marker::Dot)
            .graph_type(GraphType::Line)
            .style(styles.of(Role::Accent))
            .data(&line),
    ];
    Chart::new(datasets)
        .style(styles.of(Role::Text))
        .legend_position(None)
        .x_axis(axis(&plot.below, last))
        .y_axis(axis(&plot.beside, plot.top))
        .render(canvas.area, canvas);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Colors, Theme};

    fn text(glyphs: Glyphs, height: u16, hidden: u16) -> String {
        let plot = Plot {
            height: 6,
            indent: 2,
            columns: vec![0.0, 4.0, 8.0],
            line: vec![10.0, 10.0, 20.0],
            below: ["9 Nov".into(), "16 Nov".into(), "23 Nov".into()],
            beside: ["0 h".into(), "10 h".into(), "20 h".into()],
            top: 20.0,
        };
        let area = Rect::new(0, 0, 40, height);
        let mut buf = Buffer::empty(area);
        let styles = Styles::new(Theme::Dark, Colors::None, glyphs);
        draw(&mut buf, &styles, area, &plot, hidden);
        let rows = (0..height).map(|y| {
            let cells = (0..40).map(|x| buf[(x, y)].symbol().to_owned());
            cells.collect::<String>().trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn it_has_axes_with_units_and_is_ascii_where_that_is_asked_for() {
        let drawn = text(Glyphs::Ascii, 6, 0);

        assert!(drawn.is_ascii(), "{drawn}");
        for label in ["0 h", "10 h", "20 h", "9 Nov", "16 Nov", "23 Nov"] {
            assert!(drawn.contains(label), "{label} is missing:\n{drawn}");
        }
        assert!(drawn.contains('#') && drawn.contains('*'), "{drawn}");
        assert!(text(Glyphs::Unicode, 6, 0).contains('█'));
    }

    #[test]
    fn a_plot_that_is_scrolled_or_cut_is_drawn_as_far_as_it_shows() {
        let whole = text(Glyphs::Ascii, 6, 0);
        let below: Vec<&str> = whole.lines().skip(2).collect();

        assert_eq!(text(Glyphs::Ascii, 4, 2), below.join("\n"));
        text(Glyphs::Ascii, 1, 5);
    }
}
