//! An invite link as a QR code: on a terminal, or in a file.

use qrcode::render::unicode::Dense1x2;
use qrcode::{Color, EcLevel, QrCode};

use crate::problem::Problem;
use crate::words::{Lang, tell};

/// Light modules around the code, on each side: readers need them.
const MARGIN: usize = 4;

pub(crate) struct Code(QrCode);

impl Code {
    pub(crate) fn of(lang: Lang, text: &str) -> Result<Self, Problem> {
        // The least correction: the code is read from a screen or a fresh print, and must fit 24 lines.
        let code = QrCode::with_error_correction_level(text, EcLevel::L);
        code.map(Self).map_err(|_| Problem::unexpected(tell!(lang, "qr-link-fit-qr")))
    }

    /// In half blocks, two modules to a symbol, light on dark as most terminals are.
    pub(crate) fn text(&self) -> String {
        self.0.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).quiet_zone(true).build()
    }

    /// As a picture.
    pub(crate) fn svg(&self) -> String {
        let width = self.0.width();
        let side = width + 2 * MARGIN;
        let mut dark = String::new();
        for (at, color) in self.0.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                dark.push_str(&format!("M{} {}h1v1h-1z", at % width + MARGIN, at / width + MARGIN));
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{dark}\"/></svg>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_link_fits_a_terminal_of_24_lines() {
        let link = format!("WATCHFIRE:1/{}/RELAY.EXAMPLE.ORG", "A7".repeat(62));
        let link = &link[..154];
        let text = Code::of(Lang::EN, link).unwrap().text();
        assert!(text.lines().count() < 24 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(Code::of(Lang::EN, link).unwrap().svg().starts_with("<svg"));
    }
}
