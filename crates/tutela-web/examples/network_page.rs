//! Prints a page with the drawings of an invented network, to be looked at in a browser.

#![expect(clippy::print_stdout, reason = "that is what it is for")]

use tutela_web::Lang;
use tutela_web::networks::{link_chart, sample_network, timeline};

const COLOURS: &str = include_str!("../templates/colours.css");
const STYLE: &str = include_str!("../templates/network.css");

fn main() {
    let network = sample_network();
    println!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>Networks</title><style>{COLOURS}{STYLE}</style>"
    );
    for lang in Lang::ALL {
        println!(
            "<h2>{}</h2>{}{}",
            lang.as_str(),
            link_chart(&network, lang),
            timeline(&network, lang)
        );
    }
}
