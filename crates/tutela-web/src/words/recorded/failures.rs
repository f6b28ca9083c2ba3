//! Pure table: Italian for the meanings of failures and notes, by code.

use super::Table;

pub(super) static FAILURES: Table = &[
    (
        "archive.acquisition_errors",
        "il programma di acquisizione ha annotato errori di lettura del disco",
    ),
    ("archive.damaged_segment", "le sezioni di un segmento si interrompono prima della fine"),
    (
        "archive.ewf_digest_holds",
        "il disco, come letto, coincide con l’impronta registrata all’acquisizione",
    ),
    (
        "archive.ewf_digest_mismatch",
        "il disco, come letto, è diverso dall’impronta registrata all’acquisizione",
    ),
    (
        "archive.ewf_no_digest",
        "l’immagine non registra alcuna impronta del disco: nulla dice se è come fu acquisito",
    ),
    ("archive.first_segment_missing", "manca il primo segmento dell’immagine"),
    (
        "archive.further_segment",
        "un ulteriore segmento di un’immagine disco, esaminato con il primo",
    ),
    ("archive.larger_than_disk", "il file dichiara di essere più grande del disco su cui si trova"),
    (
        "archive.listed_but_missing",
        "il rapporto del dispositivo nomina il file, ma l’archivio non lo contiene",
    ),
    ("archive.missing_segment", "manca un segmento dell’immagine"),
    ("archive.not_on_disk", "il contenuto non si trova su questo disco"),
    ("archive.report_damaged", "il rapporto del dispositivo è danneggiato"),
    (
        "archive.report_overfull",
        "il rapporto del dispositivo nomina più file di quanti se ne confrontano",
    ),
    ("archive.unplaced_chunks", "alcuni blocchi dell’immagine non hanno un posto sul disco"),
    ("archive.unreadable_chunk", "non è stato possibile leggere un blocco dell’immagine"),
    (
        "archive.unreadable_chunks",
        "non è stato possibile leggere alcuni blocchi dell’immagine; non si sa che cosa contengano",
    ),
    ("archive.unsupported_file_system", "un volume il cui file system non viene letto"),
    ("evidence.device_path", "dove si trovava il file secondo il rapporto del dispositivo"),
    (
        "evidence.report_digest_mismatch",
        "il suo MD5 è diverso da quello nel rapporto del dispositivo",
    ),
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
