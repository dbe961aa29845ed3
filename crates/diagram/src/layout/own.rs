//! Which stretches of a line are its own, so that a name beside them can be meant for nothing else.

use super::{Point, Rect};
use crate::graph::Graph;

/// Whether two lines stand for different ways out: of one node, or of two.
pub(crate) fn differ(graph: &Graph, one: usize, other: usize) -> bool {
    let (a, b) = (&graph.links[one], &graph.links[other]);
    one != other && (a.from, a.exit) != (b.from, b.exit)
}

/// Whether they are different ways out of one node.
pub(crate) fn are_rivals(graph: &Graph, one: usize, other: usize) -> bool {
    differ(graph, one, other) && graph.links[one].from == graph.links[other].from
}

/// Where along the straight part between two points none of the others runs on it: beginnings and ends, counted from the first point.
pub(super) fn pieces<'a>(
    from: Point,
    to: Point,
    others: impl Iterator<Item = &'a Rect>,
) -> Vec<(i32, i32)> {
    let level = from.y == to.y;
    let length = (to.x - from.x).abs() + (to.y - from.y).abs();
    let area = Rect::between(from, to);
    let mut taken: Vec<(i32, i32)> = others
        .filter(|other| upon(&area, other))
        .map(|other| {
            let (low, high, begin) = if level {
                (other.x, other.x + other.width, from.x)
            } else {
                (other.y, other.y + other.height, from.y)
            };
            let (one, two) = ((low - begin).abs(), (high - begin).abs());
            // What reaches back behind the first point covers its beginning.
            let forward = (to.x - from.x) + (to.y - from.y) > 0;
            match (forward, low <= begin && begin <= high) {
                (true, true) => (0, two),
                (false, true) => (0, one),
                (_, false) => (one.min(two), one.max(two)),
            }
        })
        .collect();
    taken.sort_unstable();
    let mut pieces = Vec::new();
    let mut at = 0;
    for (start, end) in taken {
        if start > at {
            pieces.push((at, start.min(length)));
        }
        at = at.max(end);
    }
    if at < length {
        pieces.push((at, length));
    }
    pieces
}

/// Whether, inside an area, a part of another line lies upon this one.
pub(crate) fn run_together(corners: &[Point], part: &Rect, inside: &Rect) -> bool {
    corners.windows(2).any(|pair| {
        let own = Rect::between(pair[0], pair[1]);
        upon(&own, part) && common(&own, part).is_some_and(|common| common.overlaps(inside))
    })
}

/// Whether two straight parts have more than a point in common.
fn upon(one: &Rect, other: &Rect) -> bool {
    let level = one.height == 0 && other.height == 0 && one.y == other.y;
    let upright = one.width == 0 && other.width == 0 && one.x == other.x;
    (level && one.x < other.x + other.width && other.x < one.x + one.width)
        || (upright && one.y < other.y + other.height && other.y < one.y + one.height)
}

/// What two areas that touch have in common.
fn common(one: &Rect, other: &Rect) -> Option<Rect> {
    let (x, y) = (one.x.max(other.x), one.y.max(other.y));
    let right = (one.x + one.width).min(other.x + other.width);
    let bottom = (one.y + one.height).min(other.y + other.height);
    (x <= right && y <= bottom).then_some(Rect {
        x,
        y,
        width: right - x,
        height: bottom - y,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_run_on_is_taken_out_of_a_line_in_either_direction() {
        let point = |x: i32| Point { x, y: 5 };
        let other = |x: i32, width: i32| Rect {
            x,
            y: 5,
            width,
            height: 0,
        };
        let others = [other(-10, 30), other(60, 10)];
        let free = pieces(point(0), point(100), others.iter());
        assert_eq!(free, [(20, 60), (70, 100)]);
        let free = pieces(point(100), point(0), others.iter());
        assert_eq!(free, [(0, 30), (40, 80)]);
        let crossing = Rect {
            x: 50,
            y: 0,
            width: 0,
            height: 10,
        };
        assert_eq!(pieces(point(0), point(100), [crossing].iter()), [(0, 100)]);
    }
}
