//! Where things stand on a screen of a given size: one pure function, used by scrolling and by
//! the view alike.

use crate::app::list::Group;
use crate::app::model::Pane;
use crate::domain::deal::Detail;

/// A size in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Lines.
    pub height: u16,
}

/// A rectangle in cells, from the top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Area {
    /// The first column.
    pub x: u16,
    /// The first line.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Lines.
    pub height: u16,
}

/// The least size that shows anything but a sentence.
pub const LEAST: Size = Size {
    width: 60,
    height: 16,
};

impl Size {
    /// Whether anything but a sentence fits.
    pub fn is_enough(self) -> bool {
        self.width >= LEAST.width && self.height >= LEAST.height
    }

    /// Whether there is room for empty lines between groups and above the footer.
    pub fn is_roomy(self) -> bool {
        self.height >= 30
    }

    /// How many panes stand beside each other.
    pub fn panes(self) -> u16 {
        match self.width {
            0..80 => 1,
            80..120 => 2,
            _ => 3,
        }
    }
}

/// The cockpit: a header line, a line of pane titles, a rule, the panes, the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CockpitLayout {
    /// The header, one line.
    pub header: Area,
    /// The line of titles.
    pub titles: Area,
    /// The rule under it.
    pub rule: Area,
    /// The footer, the last line.
    pub footer: Area,
    /// The list's rows; `None` when it is not on screen.
    pub list: Option<Area>,
    /// The detail's lines; `None` when it is not on screen.
    pub detail: Option<Area>,
    /// The checklist's lines; `None` when it is not on screen.
    pub checklist: Option<Area>,
}

/// Lays out the cockpit. `pane` has the keys, `side` is shown beside the list where only one
/// more fits, `zoom` gives `pane` the screen.
pub fn cockpit(size: Size, pane: Pane, side: Pane, zoom: bool) -> CockpitLayout {
    let line = |y: u16| Area {
        x: 0,
        y,
        width: size.width,
        height: u16::from(y < size.height),
    };
    let blank = u16::from(size.is_roomy());
    let body = size.height.saturating_sub(4 + blank);
    let column = |x: u16, width: u16| {
        Some(Area {
            x,
            y: 3,
            width,
            height: body,
        })
    };
    let mut layout = CockpitLayout {
        header: line(0),
        titles: line(1),
        rule: line(2),
        footer: line(size.height.saturating_sub(1)),
        list: None,
        detail: None,
        checklist: None,
    };
    let panes = if zoom { 1 } else { size.panes() };
    if panes == 1 {
        let whole = column(0, size.width);
        match pane {
            Pane::List => layout.list = whole,
            Pane::Detail => layout.detail = whole,
            Pane::Checklist => layout.checklist = whole,
        }
    } else if panes == 2 {
        let list = 34 + (size.width - 80) * 3 / 10;
        let right = column(list + 1, size.width - list - 1);
        layout.list = column(0, list);
        match if pane == Pane::List { side } else { pane } {
            Pane::Checklist => layout.checklist = right,
            Pane::List | Pane::Detail => layout.detail = right,
        }
    } else {
        let extra = (size.width - 120).min(400);
        // 36, 50, 32 at 120 columns; 56, 84, 58 at 200.
        let list = (36 + extra / 4).min(80);
        let checklist = (32 + extra * 26 / 80).min(72);
        let detail = size.width - list - checklist - 2;
        layout.list = column(0, list);
        layout.detail = column(list + 1, detail);
        layout.checklist = column(list + detail + 2, checklist);
    }
    layout
}

/// A page that is not the cockpit: a header line, a rule, its body, a rule, the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLayout {
    /// The header, one line.
    pub header: Area,
    /// The body between the rules.
    pub body: Area,
    /// The footer, the last line.
    pub footer: Area,
}

/// Lays out a page that is not the cockpit.
pub fn page(size: Size) -> PageLayout {
    let line = |y: u16| Area {
        x: 0,
        y,
        width: size.width,
        height: u16::from(y < size.height),
    };
    PageLayout {
        header: line(0),
        body: Area {
            x: 0,
            y: 2,
            width: size.width,
            height: size.height.saturating_sub(4),
        },
        footer: line(size.height.saturating_sub(1)),
    }
}

/// More lines than the help has: how far it scrolls at most.
pub const HELP_EXTENT: usize = 300;

/// Returns how many rows of a menu or of the palette are on screen at most.
pub fn overlay_rows(size: Size) -> usize {
    usize::from(size.height.saturating_sub(8)).clamp(1, 16)
}

/// Returns how many rows of an import's preview are on screen.
pub fn preview_rows(size: Size) -> u16 {
    page(size).body.height.saturating_sub(8)
}

/// Returns a number of lines that the detail of a deal does not exceed: how far it scrolls at
/// most. The view stops earlier, where the last line is on screen.
pub fn detail_extent(detail: Option<&Detail>) -> usize {
    let Some(detail) = detail else { return 0 };
    let eval = detail.eval.as_ref();
    let judged = eval.map_or(0, |eval| eval.reasons.len() + 2 * eval.signals.len());
    let rows = detail.answers.len()
        + detail.touches.len()
        + detail.commitments.len()
        + detail.contacts.len()
        + detail.moves.len()
        + detail.outcomes.len();
    let blocks = detail.notes.len()
        + detail.decisions.len()
        + detail.tripwires.len()
        + detail.holds.len()
        + detail.asks.len();
    60 + judged + rows + 4 * blocks
}

/// A line of the list pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListLine {
    /// The heading of a group, by its place in the groups.
    Heading(usize),
    /// A deal, by its place in the index.
    Row(usize),
    /// How many rows of a group are folded away here.
    More(usize),
    /// An empty line between groups.
    Blank,
}

/// What the lines of the list follow from.
#[derive(Clone, Copy, Debug)]
pub struct ListShape<'l> {
    /// How many rows there are.
    pub len: usize,
    /// The headings; empty for flat orders.
    pub groups: &'l [Group],
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row of the window; in a folded list of the cursor's group.
    pub top: usize,
    /// Whether groups fold so that each heading stays on screen.
    pub folds: bool,
}

impl ListShape<'_> {
    /// Returns the lines of the list pane, at most `height`.
    ///
    /// Under headings the first line is that of the first row's group. A folded list gives each
    /// group its share of the height and says how many more it has.
    pub fn lines(&self, height: u16, roomy: bool) -> Vec<ListLine> {
        let height = usize::from(height);
        self.folded(height, roomy)
            .unwrap_or_else(|| self.running(self.top, height, roomy))
    }

    /// Returns the first row to show, so that the cursor is on screen and no room is left below
    /// the last row: as near to `self.top` as can be.
    pub fn top_for(&self, height: u16, roomy: bool) -> usize {
        let lines = usize::from(height);
        if self.folded(lines, roomy).is_some() {
            return self.top_in_group(lines, roomy);
        }
        let shows = |top: usize, row: usize| {
            self.running(top, lines, roomy)
                .contains(&ListLine::Row(row))
        };
        let mut top = self.top.min(self.cursor);
        if !shows(top, self.cursor) {
            top = top.max(self.cursor.saturating_sub(lines));
            while top < self.cursor && !shows(top, self.cursor) {
                top += 1;
            }
        }
        if let Some(last) = self.len.checked_sub(1)
            && lines > 0
        {
            while top > 0 && shows(top - 1, last) && shows(top - 1, self.cursor) {
                top -= 1;
            }
        }
        top
    }

    fn running(&self, top: usize, height: usize, roomy: bool) -> Vec<ListLine> {
        let mut lines = Vec::with_capacity(height);
        let mut group = self
            .groups
            .partition_point(|g| g.start <= top)
            .checked_sub(1);
        if let Some(first) = group {
            lines.push(ListLine::Heading(first));
        }
        for row in top..self.len {
            let next = group.map_or(0, |g| g + 1);
            if self.groups.get(next).is_some_and(|g| g.start == row) {
                group = Some(next);
                if roomy && row > top {
                    lines.push(ListLine::Blank);
                }
                lines.push(ListLine::Heading(next));
            }
            lines.push(ListLine::Row(row));
            if lines.len() >= height {
                break;
            }
        }
        lines.truncate(height);
        lines
    }

    /// Returns how many lines each group gets below its heading, `None` where nothing has to be
    /// folded or there is no room to.
    fn shares(&self, height: usize, roomy: bool) -> Option<Vec<usize>> {
        let groups = self.groups.len();
        let blanks = if roomy { groups.saturating_sub(1) } else { 0 };
        let room = height.checked_sub(groups + blanks)?;
        if !self.folds || groups == 0 || self.len <= room {
            return None;
        }
        // Level the room out: small groups are shown whole, the rest goes to the large ones.
        let mut shares = vec![0; groups];
        let mut left = room;
        let mut open: Vec<usize> = (0..groups).collect();
        while left > 0 && !open.is_empty() {
            let each = (left / open.len()).max(1);
            for group in open.clone() {
                let more = each.min(self.groups[group].count - shares[group]).min(left);
                shares[group] += more;
                left -= more;
            }
            open.retain(|group| shares[*group] < self.groups[*group].count);
        }
        let readable =
            |(group, share): (usize, &usize)| *share >= self.groups[group].count || *share >= 2;
        shares.iter().enumerate().all(readable).then_some(shares)
    }

    fn folded(&self, height: usize, roomy: bool) -> Option<Vec<ListLine>> {
        let shares = self.shares(height, roomy)?;
        let own = self.top_in_group(height, roomy);
        let mut lines = Vec::with_capacity(height);
        for (at, (group, share)) in self.groups.iter().zip(&shares).enumerate() {
            if roomy && at > 0 {
                lines.push(ListLine::Blank);
            }
            lines.push(ListLine::Heading(at));
            let end = group.start + group.count;
            if *share >= group.count {
                lines.extend((group.start..end).map(ListLine::Row));
                continue;
            }
            let shown = share - 1;
            let has_cursor = (group.start..end).contains(&self.cursor);
            let first = if has_cursor { own } else { group.start };
            lines.extend((first..first + shown).map(ListLine::Row));
            lines.push(ListLine::More(group.count - shown));
        }
        Some(lines)
    }

    /// Returns the first row shown of the cursor's group in a folded list.
    fn top_in_group(&self, height: usize, roomy: bool) -> usize {
        let Some(at) = self
            .groups
            .partition_point(|g| g.start <= self.cursor)
            .checked_sub(1)
        else {
            return self.top;
        };
        let group = self.groups[at];
        let share = self
            .shares(height, roomy)
            .map_or(group.count, |shares| shares[at]);
        if share >= group.count {
            return group.start;
        }
        let shown = share - 1;
        let least = (self.cursor + 1).saturating_sub(shown).max(group.start);
        let most = self.cursor.min(group.start + group.count - shown);
        self.top.clamp(least, most.max(least))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::view::Heading;

    fn groups(counts: &[usize]) -> Vec<Group> {
        let headings = [
            Heading::Due,
            Heading::Fire,
            Heading::GetToNo,
            Heading::Continue,
        ];
        let mut start = 0;
        let mut groups = Vec::new();
        for (heading, count) in headings.into_iter().zip(counts) {
            groups.push(Group {
                heading,
                start,
                count: *count,
                hours: None,
            });
            start += count;
        }
        groups
    }

    fn shape(groups: &[Group], cursor: usize, top: usize, folds: bool) -> ListShape<'_> {
        let len = groups.iter().map(|g| g.count).sum();
        ListShape {
            len,
            groups,
            cursor,
            top,
            folds,
        }
    }

    #[test]
    fn panes_have_their_widths_at_the_documented_sizes() {
        let widths = |width, height| {
            let layout = cockpit(Size { width, height }, Pane::List, Pane::Detail, false);
            [layout.list, layout.detail, layout.checklist].map(|a| a.map_or(0, |a| a.width))
        };
        assert_eq!(widths(120, 36), [36, 50, 32]);
        assert_eq!(widths(200, 60), [56, 84, 58]);
        assert_eq!(widths(80, 24), [34, 45, 0]);
        assert_eq!(widths(79, 24), [79, 0, 0]);
        assert_eq!(widths(119, 24)[0] + widths(119, 24)[1], 118);
    }

    #[test]
    fn zoom_gives_one_pane_the_screen() {
        let size = Size {
            width: 200,
            height: 60,
        };
        let layout = cockpit(size, Pane::Checklist, Pane::Detail, true);

        assert_eq!(layout.checklist.map(|a| a.width), Some(200));
        assert_eq!((layout.list, layout.detail), (None, None));
    }

    #[test]
    fn the_documented_sitting_folds_as_drawn() {
        // 31 lines at 120x36: 1 due, 4 fire, 17 get to no, 4 continue.
        let groups = groups(&[1, 4, 17, 4]);
        let lines = shape(&groups, 1, 0, true).lines(31, true);

        assert_eq!(lines.len(), 31);
        assert!(!lines.contains(&ListLine::More(0)));
        assert_eq!(
            lines
                .iter()
                .filter(|l| matches!(l, ListLine::Heading(_)))
                .count(),
            4
        );
        // 31 - 4 headings - 3 blanks = 24 lines for 26 rows.
        assert!(lines.contains(&ListLine::More(3)));
        assert_eq!(lines.last(), Some(&ListLine::Row(25)));
    }

    #[test]
    fn a_list_without_headings_runs_from_its_top() {
        let flat = ListShape {
            len: 100,
            groups: &[],
            cursor: 10,
            top: 9,
            folds: false,
        };

        assert_eq!(flat.lines(3, false), [9, 10, 11].map(ListLine::Row));
    }

    #[test]
    fn the_heading_of_the_first_row_stays_on_screen() {
        let groups = groups(&[400, 400]);
        let lines = shape(&groups, 398, 398, false).lines(6, true);

        let expected = [
            ListLine::Heading(0),
            ListLine::Row(398),
            ListLine::Row(399),
            ListLine::Blank,
            ListLine::Heading(1),
            ListLine::Row(400),
        ];
        assert_eq!(lines, expected);
    }

    proptest! {
        #[test]
        fn the_cursor_is_on_screen_wherever_it_fits(
            counts in proptest::collection::vec(1_usize..60, 0..4),
            flat in 0_usize..200,
            at in any::<prop::sample::Index>(),
            top in 0_usize..300,
            height in 0_u16..70,
            roomy in any::<bool>(),
            folds in any::<bool>(),
        ) {
            let groups = groups(&counts);
            let len = if groups.is_empty() { flat } else { counts.iter().sum() };
            let cursor = if len == 0 { 0 } else { at.index(len) };
            let mut shape = ListShape { len, groups: &groups, cursor, top, folds };
            shape.top = shape.top_for(height, roomy);
            let lines = shape.lines(height, roomy);

            prop_assert!(lines.len() <= usize::from(height));
            prop_assert!(shape.top <= cursor || len == 0);
            if len > 0 && height >= 3 {
                prop_assert!(lines.contains(&ListLine::Row(cursor)), "{lines:?}");
            }
            prop_assert_eq!(shape.top_for(height, roomy), shape.top);
        }

        #[test]
        fn areas_stay_on_the_screen(width in any::<u16>(), height in any::<u16>(), zoom: bool) {
            let size = Size { width, height };
            for pane in [Pane::List, Pane::Detail, Pane::Checklist] {
                let layout = cockpit(size, pane, Pane::Checklist, zoom);
                for area in [layout.list, layout.detail, layout.checklist].into_iter().flatten() {
                    prop_assert!(u32::from(area.x) + u32::from(area.width) <= u32::from(width));
                    let bottom = u32::from(area.y) + u32::from(area.height);
                    prop_assert!(area.height == 0 || bottom < u32::from(height));
                }
            }
        }
    }
}
