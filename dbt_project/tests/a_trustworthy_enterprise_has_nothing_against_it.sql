-- Guards: nobody is shown as 守信 who is on the court's list, penalised within three years or no longer active. Benefits are granted on
-- this word.
select entity_id, rating
from {{ ref('enterprise') }}
where rating = '守信' and (is_defaulter or recent_penalty_count > 0 or coalesce(status, '-') <> '1' or coalesce(tax_grade, '-') <> 'A')
