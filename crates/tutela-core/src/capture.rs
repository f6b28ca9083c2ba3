//! What a picture says about the device and the moment that made it.

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
}

impl CaptureData {
    /// Whether the file said anything at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
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
