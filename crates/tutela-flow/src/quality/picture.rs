//! Pictures that print: precision over recall, found over expected, the curve of a feature. SVG, no script, no
//! colour alone.

use std::fmt::Write;

use super::{Point, Reliability};
use crate::models::shapes::Shape;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 44.0;
const SIZE_X: f64 = 550.0;
const SIZE_Y: f64 = 350.0;

/// Most points a curve is drawn with: more cannot be told apart on paper.
const POINTS: usize = 800;

/// Draws curves with their names, such as `payers, average precision 0.91`; solid, dashed, dotted in turn.
pub fn picture(title: &str, curves: &[(String, Vec<Point>)]) -> String {
    let mut svg = head(title, WIDTH, HEIGHT);
    axes(
        &mut svg,
        "recall: share of what is looked for that is found",
        "precision: share of alerts that are right",
    );
    for (n, (name, points)) in curves.iter().enumerate() {
        trace(&mut svg, n, name, points, TOP + SIZE_Y - 46.0 + 20.0 * n as f64);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Colour and dash of one curve after the other.
const STROKES: [(&str, &str); 3] = [("#1b4f8a", "none"), ("#a33a1e", "7 4"), ("#333", "2 3")];

/// One curve, and its name at this height.
fn trace(svg: &mut String, n: usize, name: &str, points: &[Point], y: f64) {
    let (colour, dash) = STROKES[n % STROKES.len()];
    let line = line(points);
    let _ = writeln!(
        svg,
        "<path d=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\n\
         <path d=\"M{} {} h36\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\
         <text x=\"{}\" y=\"{}\">{}</text>",
        LEFT + 14.0,
        y - 4.0,
        LEFT + 58.0,
        y,
        escaped(name)
    );
}

/// Opens a picture: its size, its title for readers and for those who hear it.
fn head(title: &str, width: f64, height: f64) -> String {
    let title = escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"{title}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>{title}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"16\">{title}</text>\n"
    )
}

/// Draws what was found over what was expected, one line a side; on the thin line both are the same.
pub fn reliability_picture(title: &str, sides: &[(String, Vec<Reliability>)]) -> String {
    let mut svg = head(title, WIDTH, HEIGHT);
    axes(&mut svg, "expected probability", "share that is marked");
    let (from, to) = (place((0.0, 0.0)), place((1.0, 1.0)));
    let _ = writeln!(
        svg,
        "<path d=\"M{} {} L{} {}\" fill=\"none\" stroke=\"#777\"/>",
        from.0, from.1, to.0, to.1
    );
    for (n, (name, parts)) in sides.iter().enumerate() {
        let points: Vec<Point> = parts.iter().map(|part| (part.expected, part.found)).collect();
        trace(&mut svg, n, name, &points, TOP + 20.0 + 20.0 * n as f64);
        for (x, y) in points.into_iter().map(place) {
            let colour = STROKES[n % STROKES.len()].0;
            let _ =
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>");
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws the curve of one feature: what each value adds to a score. The ends go on as far as they are drawn.
pub fn shape_picture(shape: &Shape) -> String {
    const WIDE: f64 = 320.0;
    const HIGH: f64 = 150.0;
    const PLOT: [f64; 4] = [44.0, 14.0, 262.0, 108.0];
    let [left, top, wide, high] = PLOT;
    let name = escaped(&shape.feature.replace('_', " "));
    let (low, far) = match (shape.cuts.first(), shape.cuts.last()) {
        (Some(first), Some(last)) if last > first => (f64::from(*first), f64::from(*last)),
        (Some(only), _) => (f64::from(*only) - 1.0, f64::from(*only) + 1.0),
        _ => (0.0, 1.0),
    };
    let (low, far) = (low - (far - low) * 0.12, far + (far - low) * 0.12);
    let adds = shape.adds.iter().map(|add| f64::from(*add));
    let (least, most) =
        adds.clone().fold((0.0_f64, 0.0_f64), |(a, b), add| (a.min(add), b.max(add)));
    let tall = (most - least).max(1e-6);
    let x = |value: f64| left + wide * (value - low) / (far - low);
    let y = |add: f64| top + high * (most - add) / tall;
    let mut line = String::new();
    let starts = [low].into_iter().chain(shape.cuts.iter().map(|cut| f64::from(*cut)));
    for (start, add) in starts.zip(adds) {
        let (x, y) = (x(start), y(add));
        let _ = match line.is_empty() {
            true => write!(line, "M{x:.1} {y:.1}"),
            false => write!(line, " H{x:.1} V{y:.1}"),
        };
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {HIGH}\" role=\"img\" aria-label=\"{name}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<title>{name}</title>\n\
         <rect width=\"{WIDE}\" height=\"{HIGH}\" fill=\"#fff\"/>\n\
         <path d=\"M{left} {zero:.1} h{wide}\" stroke=\"#999\" stroke-dasharray=\"2 3\"/>\
         <path d=\"{line} H{end:.1}\" fill=\"none\" stroke=\"#1b4f8a\" stroke-width=\"2\"/>\n\
         <text x=\"{text}\" y=\"{up:.1}\" text-anchor=\"end\">{most:+.1}</text>\
         <text x=\"{text}\" y=\"{down:.1}\" text-anchor=\"end\">{least:+.1}</text>\n\
         <text x=\"{left}\" y=\"{foot}\">{low}</text>\
         <text x=\"{end:.1}\" y=\"{foot}\" text-anchor=\"end\">{far}</text>\n</svg>\n",
        zero = y(0.0),
        end = left + wide,
        text = left - 6.0,
        up = top + 8.0,
        down = top + high,
        foot = top + high + 18.0,
        low = short(low),
        far = short(far),
    )
}

/// A number with as many digits as its size asks for.
fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 20.0 => format!("{value:.0}"),
        middle if middle >= 2.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn axes(svg: &mut String, across: &str, up: &str) {
    for step in 0..=5 {
        let share = f64::from(step) / 5.0;
        let (x, y) = place((share, share));
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP} v{SIZE_Y} M{LEFT} {y:.1} h{SIZE_X}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{share:.1}</text>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{share:.1}</text>",
            TOP + SIZE_Y + 18.0,
            LEFT - 8.0,
            y + 4.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{across}</text>\n\
         <text transform=\"translate(18 {}) rotate(-90)\" text-anchor=\"middle\">{up}</text>",
        LEFT + SIZE_X / 2.0,
        TOP + SIZE_Y + 42.0,
        TOP + SIZE_Y / 2.0
    );
}

fn place((recall, precision): Point) -> Point {
    (LEFT + SIZE_X * recall, TOP + SIZE_Y * (1.0 - precision))
}

/// The curve as steps of a path, thinned evenly over recall so that no step of it is lost to the eye.
fn line(points: &[Point]) -> String {
    let mut line = String::new();
    let mut last = f64::NEG_INFINITY;
    for (n, point) in points.iter().enumerate() {
        let far = point.0 - last >= 1.0 / POINTS as f64;
        if !far && n + 1 != points.len() {
            continue;
        }
        last = point.0;
        let (x, y) = place(*point);
        let _ = write!(line, "{}{x:.1} {y:.1}", if line.is_empty() { "M" } else { " L" });
    }
    line
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{picture, reliability_picture, shape_picture};
    use crate::models::shapes::Shape;
    use crate::quality::{Judged, reliability};

    #[test]
    fn names_are_text_and_curves_are_drawn() {
        let curve = (0..5_000).map(|n| (f64::from(n) / 5_000.0, 0.5)).collect();
        let svg =
            picture("a <b> & c", &[("payers".to_owned(), curve), ("none".to_owned(), vec![])]);
        assert!(svg.contains("a &lt;b> &amp; c"));
        assert!(svg.contains(">payers</text>"));
        assert!((300..2_000).contains(&svg.matches(" L").count()));
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    }

    #[test]
    fn curves_of_features_and_reliability_are_drawn_whatever_they_are() {
        for (cuts, adds) in
            [(vec![], vec![0.5]), (vec![1.0], vec![-1.0, 2.0]), (vec![0.0, 40.0], vec![0.0; 3])]
        {
            let svg = shape_picture(&Shape { feature: "small_share".to_owned(), cuts, adds });
            assert!(svg.contains("small share") && !svg.contains("NaN") && !svg.contains("inf"));
        }
        let judged = [Judged { score: 0.0, label: true }, Judged { score: -9.0, label: false }];
        let svg = reliability_picture("a & b", &[("payers".to_owned(), reliability(&judged))]);
        assert!(svg.contains("a &amp; b") && svg.matches("<circle").count() == 2);
    }
}
