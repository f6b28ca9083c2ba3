//! Pure table: Italian for the reasons of limits, by name, and for their units.

use super::Table;

pub(super) static LIMITS: Table = &[
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
    (
        "archive.bytes_per_entry",
        "L’archivio di un telefono intero può avere una voce in più per ogni tanto, e il doppio della sua dimensione.",
    ),
    (
        "archive.max_listed_files",
        "Quelli del rapporto di un UFDR; ciascuno occupa memoria mentre l’archivio viene confrontato con esso.",
    ),
    ("image.max_segments", "Un terabyte in segmenti da 640 MB, i più piccoli in uso, ne ha 1.600."),
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
];

pub(super) static UNITS: Table = &[
    ("bytes of the archive", "byte dell’archivio"),
    ("files", "file"),
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
