//! Pure table: Italian for remarks, checks, ties, points and rules, by code.

use super::Table;

pub(super) static SENTENCES: Table = &[
    (
        "tie.near_films",
        "Filmati che hanno in comune con uno di essi almeno {percent} fotogrammi su 100.",
    ),
    (
        "tie.other_case",
        "Lo stesso contenuto o uno simile è in una scansione precedente di un altro caso: {scan}.",
    ),
    (
        "tie.other_case_device",
        "Una scansione precedente di un altro caso nomina lo stesso dispositivo: {scan}.",
    ),
    (
        "scan.stopped_by_budget",
        "La scansione si è fermata allo scadere del tempo assegnato: 1 file ({bytes} byte) non è stato esaminato.|La scansione si è fermata allo scadere del tempo assegnato: {n} file ({bytes} byte) non sono stati esaminati.",
    ),
    (
        "scan.stopped_by_a_person",
        "La scansione è stata interrotta prima della fine: 1 file ({bytes} byte) non è stato esaminato.|La scansione è stata interrotta prima della fine: {n} file ({bytes} byte) non sono stati esaminati.",
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
    ("tie.near", "Quasi duplicati: al massimo {bits} bit su 256 di distanza da uno di essi."),
    ("tie.device", "Un solo dispositivo, secondo il numero di serie: {device}."),
    ("tie.model", "Un modello, comune a molti dispositivi: {model}."),
    ("tie.session", "Ripresi uno dopo l’altro da {device}, da {first} a {last}."),
    ("tie.names", "Nomi consecutivi nella stessa cartella, da {first} a {last}."),
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
    ("check.film_open_refused", "il processo per i filmati non può aprire un file per nome"),
    (
        "check.film_socket_refused",
        "il processo per i filmati non può creare una connessione di rete",
    ),
    ("check.film_process_refused", "il processo per i filmati non può avviare altri processi"),
    ("check.found", "trovata"),
    ("check.not_found", "non trovata"),
    ("check.refused", "rifiutato"),
    ("check.not_refused", "NON rifiutato"),
    ("check.no_signal", "nessuna impronta"),
];

pub(super) static RULES: Table = &[
    (
        "media.near_part",
        "Un fotogramma, una pagina o la miniatura incorporata è simile a una voce d’elenco come lo sarebbe un’immagine. Un fotogramma è solo un istante del filmato; una miniatura può essere più vecchia della sua immagine.",
    ),
    (
        "media.film",
        "Abbastanza fotogrammi del filmato hanno un corrispondente tra quelli di un filmato in elenco. Anche sigle, marchi e fotogrammi neri comuni rendono simili i filmati: va guardato.",
    ),
    (
        "media.thumbnail_differs",
        "La miniatura incorporata mostra altro rispetto all’immagine: il file può aver contenuto prima un’altra immagine, o essere stato composto. Lo stesso fanno i programmi che lasciano intatta la miniatura.",
    ),
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
