//! What a picture says about the device and the moment that made it.

/// Where a picture says it was taken, in millionths of a degree, WGS 84. About 11 cm a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// North is positive: −90,000,000 to 90,000,000.
    pub latitude_udeg: i32,
    /// East is positive: −180,000,000 to 180,000,000.
    pub longitude_udeg: i32,
}

impl Place {
    /// The place, where both numbers lie on the globe.
    pub fn new(latitude_udeg: i32, longitude_udeg: i32) -> Option<Self> {
        let on_globe = latitude_udeg.unsigned_abs() <= 90_000_000
            && longitude_udeg.unsigned_abs() <= 180_000_000;
        on_globe.then_some(Self { latitude_udeg, longitude_udeg })
    }
}

/// Capture data from EXIF. All of it is a claim of the file: easily lost, easily changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct CaptureData {
    /// Maker of the device.
    pub make: Option<String>,
    /// Model of the device.
    pub model: Option<String>,
    /// Serial number of the body.
    pub serial: Option<String>,
    /// Serial number of the lens.
    pub lens_serial: Option<String>,
    /// When taken, as written: `YYYY-MM-DDTHH:MM:SS`, with an offset only where the file has one.
    pub taken_at: Option<String>,
    /// The program that wrote the file.
    pub software: Option<String>,
    /// Where taken; personal data.
    pub place: Option<Place>,
}

impl CaptureData {
    /// Whether the file said anything at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Maker, model and serial number, where there is a number that can tell one device from
    /// another: four characters and more, not all the same. Makers fill the field with zeros or blanks.
    pub fn serial_device(&self) -> Option<[&str; 3]> {
        const SHORTEST: usize = 4;
        let serial = self.serial.as_deref()?.trim();
        let first = serial.chars().next()?;
        let telling = serial.chars().count() >= SHORTEST && serial.chars().any(|c| c != first);
        telling.then(|| {
            [self.make.as_deref().unwrap_or(""), self.model.as_deref().unwrap_or(""), serial]
        })
    }

    /// Maker, model and serial in one line, or `None` where the file names no device.
    pub fn device(&self) -> Option<String> {
        let name: Vec<&str> =
            [&self.make, &self.model].into_iter().flatten().map(String::as_str).collect();
        match (name.is_empty(), &self.serial) {
            (true, None) => None,
            (true, Some(serial)) => Some(format!("unnamed device, serial {serial}")),
            (false, None) => Some(name.join(" ")),
            (false, Some(serial)) => Some(format!("{}, serial {serial}", name.join(" "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CaptureData;

    #[test]
    fn only_a_telling_serial_number_tells_a_device() {
        let check = |serial: &str, expected: Option<&str>| {
            let capture = CaptureData {
                make: Some("Example".to_owned()),
                serial: Some(serial.to_owned()),
                ..CaptureData::default()
            };
            assert_eq!(capture.serial_device(), expected.map(|serial| ["Example", "", serial]));
        };
        check("EX-0042", Some("EX-0042"));
        check(" 1234 ", Some("1234"));
        check("00000000", None);
        check("123", None);
        check("   ", None);
        check("", None);
        assert_eq!(CaptureData::default().serial_device(), None);
    }
}
