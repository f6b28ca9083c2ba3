//! Pure table: Italian for what the program itself writes down: remarks, checks, failures, limits, units.
//!
//! English needs no table: it is what was written down. What has no translation stays in English,
//! and the page says so where it stands (`lang="en"`).

use std::borrow::Cow;

use tutela_app::findings::MEDIA_RULES;
use tutela_app::sentences::{self, Said};

use super::Lang;

/// Something recorded, in the language of the page where there are words for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Recorded<'a> {
    /// The words.
    pub(crate) text: Cow<'a, str>,
    /// Whether they are English on a page that is not.
    pub(crate) foreign: bool,
}

impl<'a> Recorded<'a> {
    fn translated(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), foreign: false }
    }

    fn english(text: &'a str, lang: Lang) -> Self {
        Self { text: text.into(), foreign: lang != Lang::En }
    }
}

/// A remark, a check or what came out of it.
pub(crate) fn said(said: &Said, lang: Lang) -> Recorded<'_> {
    match (lang, italian(SENTENCES, said.code())) {
        (Lang::It, Some(words)) => Recorded::translated(said.in_words(words)),
        (Lang::It, None) if said.code().is_empty() => Recorded::translated(said.text()),
        _ => Recorded::english(said.text(), lang),
    }
}

/// What a code means; the recorded message where the code has no words.
pub(crate) fn failure<'a>(code: &str, message: &'a str, lang: Lang) -> Recorded<'a> {
    match (lang, sentences::failure(code), italian(FAILURES, code)) {
        (Lang::It, _, Some(words)) => Recorded::translated(words),
        (_, Some(sentence), _) => Recorded::english(sentence.english, lang),
        (_, None, _) => Recorded::english(message, lang),
    }
}

/// What a rule says; its name where this version does not know it.
pub(crate) fn rule(id: &str, lang: Lang) -> Recorded<'_> {
    let known = MEDIA_RULES.iter().find(|rule| rule.id == id);
    match (lang, italian(RULES, id), known) {
        (Lang::It, Some(words), _) => Recorded::translated(words),
        (_, _, Some(rule)) => Recorded::english(rule.meaning, lang),
        (_, _, None) => Recorded::translated(id),
    }
}

/// Why a limit stands.
pub(crate) fn limit<'a>(name: &str, why: &'a str, lang: Lang) -> Recorded<'a> {
    match (lang, italian(LIMITS, name)) {
        (Lang::It, Some(words)) => Recorded::translated(words),
        _ => Recorded::english(why, lang),
    }
}

/// The unit of a limit.
pub(crate) fn unit<'a>(unit: &'a str, lang: Lang) -> Recorded<'a> {
    match (lang, italian(UNITS, unit)) {
        (Lang::It, Some(words)) => Recorded::translated(words),
        _ => Recorded::english(unit, lang),
    }
}

type Table = &'static [(&'static str, &'static str)];

fn italian(table: Table, code: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}

static SENTENCES: Table = &[
    ("tie.near", "Quasi duplicati: al massimo {bits} bit su 256 di distanza da uno di essi."),
    (
        "tie.near_films",
        "Filmati che hanno in comune con uno di essi almeno {percent} fotogrammi su 100.",
    ),
    ("tie.device", "Un solo dispositivo, secondo il numero di serie: {device}."),
    ("tie.model", "Un modello, comune a molti dispositivi: {model}."),
    ("tie.session", "Ripresi uno dopo l’altro da {device}, da {first} a {last}."),
    ("tie.names", "Nomi consecutivi nella stessa cartella, da {first} a {last}."),
    (
        "tie.other_case",
        "Lo stesso contenuto o uno simile è in una scansione precedente di un altro caso: {scan}.",
    ),
    (
        "tie.other_case_device",
        "Una scansione precedente di un altro caso nomina lo stesso dispositivo: {scan}.",
    ),
    ("tie.folder", "Tutti nella stessa cartella."),
    (
        "points.distinct",
        "1 file con contenuto proprio: un punto.|{n} file con contenuto diverso: un punto ciascuno, al massimo {most}.",
    ),
    ("points.device_serial", "Un numero di serie li lega a un solo dispositivo."),
    (
        "points.further_ties",
        "Per tutti valgono {ties} legami: {points} punti per ciascuno oltre il primo, al massimo {most}.",
    ),
    (
        "points.recent",
        "Il più recente risulta ripreso 1 giorno prima della scansione.|Il più recente risulta ripreso {n} giorni prima della scansione.",
    ),
    (
        "points.other_case_content",
        "Una scansione precedente di un altro caso ha lo stesso contenuto o uno simile.",
    ),
    (
        "points.other_case_device",
        "Una scansione precedente di un altro caso nomina lo stesso dispositivo.",
    ),
    (
        "scan.unconfirmed",
        "Una corrispondenza è un indizio. Nulla in questo rapporto è stato confermato da una persona.",
    ),
    (
        "scan.never_examined",
        "Non sono stati esaminati i dati cancellati o recuperabili e lo spazio non allocato.",
    ),
    (
        "scan.stopped_by_budget",
        "La scansione si è fermata allo scadere del tempo assegnato: 1 file ({bytes} byte) non è stato esaminato.|La scansione si è fermata allo scadere del tempo assegnato: {n} file ({bytes} byte) non sono stati esaminati.",
    ),
    (
        "scan.stopped_by_a_person",
        "La scansione è stata interrotta prima della fine: 1 file ({bytes} byte) non è stato esaminato.|La scansione è stata interrotta prima della fine: {n} file ({bytes} byte) non sono stati esaminati.",
    ),
    ("scan.no_list", "Nessun elenco fornito: nulla poteva risultare noto o simile."),
    (
        "scan.list_incomplete",
        "L’elenco {list} non è stato utilizzabile per intero: 1 riga scartata.|L’elenco {list} non è stato utilizzabile per intero: {n} righe scartate.",
    ),
    (
        "scan.list_cut_off",
        "L’elenco {list} non è stato utilizzabile per intero: 1 riga scartata; il file termina a metà di una voce.|L’elenco {list} non è stato utilizzabile per intero: {n} righe scartate; il file termina a metà di una voce.",
    ),
    ("scan.partly_fenced", "Il decodificatore non era isolato del tutto: {protection}."),
    (
        "scan.many_matches",
        "1 file corrisponde ad almeno {most} voci; sono elencate le {most} più vicine.|{n} file corrispondono ad almeno {most} voci ciascuno; di ognuno sono elencate le {most} più vicine.",
    ),
    (
        "scan.digest_conflict",
        "1 file ha lo stesso MD5 o SHA-1 di una voce d’elenco la cui impronta più forte è diversa: una collisione o un errore dell’elenco.|{n} file hanno lo stesso MD5 o SHA-1 di una voce d’elenco la cui impronta più forte è diversa: una collisione o un errore dell’elenco.",
    ),
    (
        "scan.films_by_key",
        "1 filmato è stato esaminato con ffmpeg {version}, ai fotogrammi chiave, al più uno al secondo.|{n} filmati sono stati esaminati con ffmpeg {version}, ai fotogrammi chiave, al più uno al secondo.",
    ),
    (
        "scan.films_by_second",
        "1 filmato è stato esaminato con ffmpeg {version}, un fotogramma al secondo.|{n} filmati sono stati esaminati con ffmpeg {version}, un fotogramma al secondo.",
    ),
    (
        "scan.films_not",
        "1 filmato non è stato esaminato all’interno: ffmpeg manca o è disattivato.|{n} filmati non sono stati esaminati all’interno: ffmpeg manca o è disattivato.",
    ),
    (
        "scan.thumbnails",
        "Questo rapporto contiene 1 miniatura grigia e sfocata.|Questo rapporto contiene {n} miniature grigie e sfocate.",
    ),
    (
        "scan.thumbnails_missing",
        "Non è stato possibile creare 1 miniatura: immagine in un archivio, o file cambiato nel frattempo.|Non è stato possibile creare {n} miniature: immagini negli archivi, o file cambiati nel frattempo.",
    ),
    ("check.digest_found", "l’impronta {kind} inserita per prova viene trovata"),
    ("check.pdq_found", "l’impronta PDQ inserita per prova viene trovata a distanza {bits}"),
    (
        "check.pdq_not_found",
        "l’impronta PDQ inserita per prova non viene trovata a distanza {bits}",
    ),
    ("check.row_found", "la riga {row} di {list} viene trovata"),
    ("check.chart_decodes", "l’immagine di prova, decodificata, dà l’impronta pubblicata"),
    ("check.open_refused", "il decodificatore non può aprire un file per nome"),
    ("check.memory_capped", "il decodificatore non può prendere più memoria del suo limite"),
    ("check.socket_fatal", "il decodificatore viene terminato se crea una connessione di rete"),
    ("check.found", "trovata"),
    ("check.not_found", "non trovata"),
    ("check.refused", "rifiutato"),
    ("check.not_refused", "NON rifiutato"),
    ("check.no_signal", "nessuna impronta"),
];

static FAILURES: Table = &[
    ("archive.checksum", "una voce dell’archivio non corrisponde alla sua somma di controllo"),
    ("archive.cut_off", "non è stato possibile leggere l’archivio fino alla fine di questa voce"),
    ("archive.encrypted", "la voce richiede una password"),
    ("archive.expansion_ratio", "dall’archivio esce molto più di quanto vi è entrato"),
    ("archive.malformed", "l’archivio viola il proprio formato"),
    (
        "archive.member_too_large",
        "troppo grande per essere decodificato in un archivio: solo impronte hash",
    ),
    ("archive.out_of_memory", "l’estrazione richiede più memoria del consentito"),
    ("archive.panicked", "l’estrattore si è arreso in uno stato imprevisto"),
    ("archive.too_deep", "non aperto: troppi archivi uno nell’altro"),
    ("archive.too_large", "contiene più di quanto si estrae; il resto non è stato esaminato"),
    (
        "archive.too_many_entries",
        "contiene più voci di quante se ne estraggono; il resto non è stato esaminato",
    ),
    ("archive.truncated", "l’archivio termina troppo presto"),
    ("archive.unsupported", "archivi di questo tipo non vengono aperti"),
    ("archive.unsupported_method", "compresso con un metodo che non si sa estrarre"),
    ("decode.bad_reply", "il processo di decodifica ha dato una risposta di forma errata"),
    ("decode.crashed", "il processo di decodifica è terminato mentre lavorava sul file"),
    (
        "decode.deadline",
        "il processo di decodifica è stato terminato perché impiegava troppo tempo",
    ),
    ("decode.file_too_large", "il file è più grande di quanto si decodifica"),
    (
        "decode.frames_beyond",
        "più fotogrammi o pagine di quanti se ne esaminano; quelli oltre il limite non sono stati confrontati",
    ),
    (
        "decode.frames_missing",
        "alcuni fotogrammi o pagine non sono decodificabili; gli altri sono stati confrontati",
    ),
    ("decode.malformed", "il file viola il proprio formato d’immagine"),
    ("decode.no_pixels", "l’immagine non ha pixel"),
    (
        "decode.no_video_decoder",
        "i filmati non sono stati esaminati all’interno: ffmpeg manca o è disattivato; solo impronte hash",
    ),
    ("decode.not_a_picture", "i file di questo tipo non vengono decodificati"),
    ("decode.out_of_memory", "la decodifica richiede più memoria del consentito"),
    ("decode.panicked", "il decodificatore si è arreso in uno stato imprevisto"),
    ("decode.too_many_pixels", "l’immagine dichiara più pixel di quanti se ne decodificano"),
    ("decode.truncated", "il file termina prima dell’immagine"),
    ("decode.unreadable", "non è stato possibile leggere il file"),
    ("decode.unsupported", "questa varietà del formato non viene decodificata"),
    (
        "evidence.changed_while_read",
        "il file è cambiato durante la lettura; le impronte sono quelle dei byte letti",
    ),
    ("intake.link", "un collegamento simbolico; i collegamenti non vengono seguiti"),
    ("intake.not_a_file", "una pipe, un socket o un dispositivo, non un file"),
    ("intake.unreadable_file", "non è stato possibile leggere il file"),
    ("intake.unreadable_folder", "non è stato possibile leggere la cartella"),
    ("intake.unreadable_path", "non è stato possibile leggere il percorso"),
];

static RULES: Table = &[
    (
        "media.exact",
        "Il file ha gli stessi byte di una voce di un elenco, secondo l’impronta hash indicata.",
    ),
    (
        "media.near",
        "L’impronta PDQ dell’immagine, ruotata come indicato, differisce da quella di una voce d’elenco al massimo del raggio. Immagini simili sono un indizio e vanno guardate.",
    ),
    (
        "media.provenance_conflict",
        "Le dichiarazioni del file sulla propria origine si contraddicono. È un indizio e va guardato.",
    ),
];

static LIMITS: Table = &[
    (
        "image.max_entries",
        "I dischi grandi contengono qualche milione di file; di più è un file system senza fine.",
    ),
    ("image.max_ewf_ratio", "I blocchi vuoti da 32 KiB occupano una ventina di byte."),
    (
        "image.max_folder_depth",
        "Cartelle danneggiate possono contenersi a vicenda; le persone restano molto al di sotto.",
    ),
    ("image.max_partitions", "Una GPT ha di norma 128 righe."),
    (
        "image.max_ratio",
        "File con zone vuote e file con più nomi fanno contenere a un disco più della sua dimensione.",
    ),
    (
        "archive.expansion_floor_bytes",
        "Al di sotto il rapporto non viene considerato: un piccolo file di zeri non è un attacco.",
    ),
    ("archive.idle_deadline", "Un processo che tace così a lungo è bloccato e viene terminato."),
    (
        "archive.max_depth",
        "Un archivio può contenere sé stesso; tre livelli bastano per una copia di sicurezza di posta con allegati.",
    ),
    ("archive.max_entries", "Milioni di voci vuote costano tempo e non contengono nulla."),
    ("archive.max_expanded_bytes", "Un solo archivio non deve riempire il disco o la giornata."),
    (
        "archive.max_expansion_ratio",
        "I file multimediali non si riducono quasi, i testi di venti volte; di più è un attacco.",
    ),
    ("archive.max_path_bytes", "I percorsi sono etichette; i file system si fermano a 4.096 byte."),
    ("capture.max_chars", "Produttori e numeri di serie sono brevi; il resto viene tagliato."),
    (
        "decode.max_alloc_bytes",
        "Memoria di lavoro di un decodificatore, sotto il limite dell’intero processo.",
    ),
    (
        "decode.max_exif_bytes",
        "I dati di ripresa occupano poche centinaia di byte; un blocco più grande non viene letto.",
    ),
    (
        "decode.max_file_bytes",
        "Il file sta in memoria mentre viene decodificato; per i più grandi restano le impronte hash.",
    ),
    (
        "decode.max_frames",
        "Ogni fotogramma costa quanto un’immagine; le animazioni di pochi secondi finiscono prima.",
    ),
    ("decode.max_jpeg_scans", "Ogni passata di un JPEG progressivo ripercorre l’intera immagine."),
    (
        "decode.max_pixels",
        "Un’intestazione di pochi byte può chiedere gigabyte; le fotocamere in uso restano al di sotto.",
    ),
    (
        "decoder.deadline",
        "Una fotografia da 12 megapixel richiede un decimo di secondo; oltre questo tempo il processo viene terminato.",
    ),
    (
        "decoder.max_descriptors",
        "Un processo tiene il suo socket, il canale degli errori e l’unico file che gli è stato consegnato.",
    ),
    (
        "decoder.max_memory_bytes",
        "Un’immagine da 100 megapixel vi sta con tutte le copie di lavoro; il kernel rifiuta di più.",
    ),
    (
        "provenance.max_manifest_bytes",
        "I manifesti sono testo e piccole miniature; un insieme più grande non viene letto.",
    ),
    ("provenance.max_manifests", "Uno per ogni firma; si leggono i più recenti e non gli altri."),
    ("provenance.max_boxes", "Milioni di blocchi vuoti costano tempo e non dicono nulla."),
    (
        "provenance.max_box_depth",
        "A un manifesto ne bastano cinque; un annidamento più profondo è un attacco.",
    ),
    ("provenance.max_cbor_nodes", "Pochi byte possono dichiarare miliardi di elementi."),
    (
        "provenance.max_cbor_depth",
        "Alle dichiarazioni ne bastano sei; un annidamento più profondo è un attacco.",
    ),
    (
        "provenance.max_xmp_bytes",
        "Un pacchetto è di pochi KiB; i più grandi contengono anteprime, non dichiarazioni.",
    ),
    (
        "provenance.max_text_bytes",
        "Un testo compresso può crescere di mille volte; la lettura si ferma qui.",
    ),
    ("provenance.max_texts", "I generatori ne scrivono da uno a cinque."),
    ("provenance.max_statements", "Le legge una persona; di più non dicono di più."),
    ("provenance.max_actions", "I nomi delle azioni si conservano perché una persona li legga."),
    (
        "provenance.max_label_chars",
        "Termini e nomi di programmi sono brevi; il resto viene tagliato.",
    ),
    ("provenance.max_url_chars", "L’indirizzo di un manifesto viene annotato e mai contattato."),
    (
        "film.deadline",
        "Un solo filmato non deve fermare gli altri; i fotogrammi visti fino ad allora vengono confrontati.",
    ),
    ("film.max_frames", "Due ore con un fotogramma al secondo."),
    (
        "film.max_memory_bytes",
        "Un filmato in 8K e i fotogrammi a cui rimanda vi stanno; il kernel rifiuta di più.",
    ),
    ("film.max_pixels", "I filmati in 8K hanno 33 milioni di pixel per fotogramma."),
];

static UNITS: Table = &[
    ("actions", "azioni"),
    ("boxes", "blocchi"),
    ("boxes inside boxes", "blocchi uno nell’altro"),
    ("bytes", "byte"),
    ("bytes out for each byte of an E01", "byte in uscita per ogni byte di un E01"),
    ("bytes out for each byte of the disk", "byte in uscita per ogni byte del disco"),
    ("partitions", "partizioni"),
    ("bytes out for each byte in", "byte in uscita per ogni byte in entrata"),
    ("characters", "caratteri"),
    ("containers inside containers", "contenitori uno nell’altro"),
    ("descriptors", "descrittori"),
    ("entries", "voci"),
    ("frames", "fotogrammi"),
    ("items", "elementi"),
    ("levels", "livelli"),
    ("manifests", "manifesti"),
    ("ms", "ms"),
    ("pixels", "pixel"),
    ("scans", "passate"),
    ("seconds", "secondi"),
    ("statements", "dichiarazioni"),
    ("text chunks", "blocchi di testo"),
];

#[cfg(test)]
mod tests {
    use tutela_app::outbound::scan_report::documented_limits;
    use tutela_app::sentences::{LIST_INCOMPLETE, Said, all};

    use super::super::tests::places;
    use super::{
        FAILURES, LIMITS, Lang, MEDIA_RULES, RULES, SENTENCES, UNITS, failure, italian, said,
    };

    #[test]
    fn every_sentence_of_the_program_has_italian_words_with_the_same_places() {
        for sentence in all() {
            let words = italian(SENTENCES, sentence.code)
                .or_else(|| italian(FAILURES, sentence.code))
                .unwrap_or_else(|| panic!("{} has no Italian words", sentence.code));
            assert_eq!(places(words), places(sentence.english), "{}", sentence.code);
            assert_eq!(words.matches('|').count(), sentence.english.matches('|').count());
        }
    }

    #[test]
    fn every_rule_has_italian_words() {
        for rule in MEDIA_RULES {
            assert!(italian(RULES, rule.id).is_some(), "{}", rule.id);
        }
    }

    #[test]
    fn every_limit_and_unit_has_italian_words() {
        for limit in documented_limits() {
            assert!(italian(LIMITS, limit.name).is_some(), "{}", limit.name);
            assert!(italian(UNITS, limit.unit).is_some(), "{}", limit.unit);
        }
    }

    #[test]
    fn words_without_a_translation_say_that_they_are_english() {
        let list = LIST_INCOMPLETE.say([("list", "a.csv".to_owned()), ("n", "1".to_owned())]);
        assert!(said(&list, Lang::It).text.starts_with("L’elenco a.csv non è"));
        assert!(!said(&Said::verbatim("00ff"), Lang::It).foreign);
        assert_eq!(
            failure("decode.truncated", "m", Lang::It).text,
            "il file termina prima dell’immagine"
        );
        let unknown = failure("decode.new_code", "what was recorded", Lang::It);
        assert!(unknown.foreign && unknown.text == "what was recorded");
        assert!(!failure("decode.new_code", "what was recorded", Lang::En).foreign);
    }
}
