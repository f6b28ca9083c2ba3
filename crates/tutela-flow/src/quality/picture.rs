//! Precision over recall as a picture that prints: SVG, no script, no colour alone.

use std::fmt::Write;

use super::Point;

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
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{}</title>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"16\">{}</text>\n",
        escaped(title),
        escaped(title)
    );
    axes(&mut svg);
    for (n, (name, points)) in curves.iter().enumerate() {
        let (colour, dash) = [("#1b4f8a", "none"), ("#a33a1e", "7 4"), ("#333", "2 3")][n % 3];
        let line = line(points);
        let y = TOP + SIZE_Y - 46.0 + 20.0 * n as f64;
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
    svg.push_str("</svg>\n");
    svg
}

fn axes(svg: &mut String) {
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
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">recall: share of what is looked for that is found</text>\n\
         <text transform=\"translate(18 {}) rotate(-90)\" text-anchor=\"middle\">precision: share of alerts that are right</text>",
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
    use super::picture;

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
}
